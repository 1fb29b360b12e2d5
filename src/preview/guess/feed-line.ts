/** A line of a feed, as YAML takes it. */
export function feedLine(key: string, value: string): string {
  return `${quoted(key)}: ${quoted(value)}`;
}

/** The key of a field of the schema, in backquotes where what is behind a dot might be a setting. */
export function fieldKey(name: string): string {
  const spelled = /^`|\./.test(name) ? `\`${name.replaceAll('`.', '\\`.')}\`` : name;
  return `transforms.validate.fields.${spelled}`;
}

/** What would be written of a column in place of what was guessed; `type` is its type. */
export function fieldLines(name: string, settings: Readonly<Record<string, string>>): string[] {
  const key = fieldKey(name);
  return Object.entries(settings).map(([setting, value]) =>
    feedLine(setting === 'type' ? key : `${key}.${setting}`, value),
  );
}

/** The same of the parser. */
export function parserLines(options: Readonly<Record<string, string>>): string[] {
  return Object.entries(options).map(([key, value]) => feedLine(`transforms.parse.${key}`, value));
}

/** Text as YAML takes it for text. */
function quoted(text: string): string {
  const isPlain =
    /^(?=.*[A-Za-z])[A-Za-z_.][\w./-]*$/.test(text) && !/^(?:null|y|n|yes|no|on|off)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}
