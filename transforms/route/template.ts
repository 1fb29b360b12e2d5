/** Text with fields in it, such as `market.{asset_class}.trades`. */
export interface Template {
  /** Fixed text and fields in turn: text first and last. */
  readonly texts: readonly string[];
  readonly fields: readonly string[];
}

/** Compiles a template; a string says what is wrong with it. `{{` and `}}` stand for braces. */
export function compileTemplate(source: string): Template | string {
  const texts: string[] = [];
  const fields: string[] = [];
  let text = '';
  for (let i = 0; i < source.length; i++) {
    const character = source[i] as string;
    if ((character === '{' || character === '}') && source[i + 1] === character) {
      text += character;
      i++;
    } else if (character === '{') {
      const end = source.indexOf('}', i);
      const field = source.slice(i + 1, end < 0 ? undefined : end);
      if (end < 0 || field.includes('{')) return 'a { is not closed; write {{ for a brace';
      if (field === '') return 'there is no field between { and }';
      texts.push(text);
      fields.push(field);
      text = '';
      i = end;
    } else if (character === '}') {
      return 'a } has no { before it; write }} for a brace';
    } else {
      text += character;
    }
  }
  return { texts: [...texts, text], fields };
}

/** The text of a template without fields; null when it has some. */
export function fixedText(template: Template): string | null {
  return template.fields.length === 0 ? (template.texts[0] as string) : null;
}

/** The name of the field that is all there is to a template; null for any other. */
export function onlyField(template: Template): string | null {
  const [field] = template.fields;
  return template.fields.length === 1 && template.texts.join('') === '' ? (field as string) : null;
}

/** Fills in the fields; `textOf` gives the text of each. */
export function fill({ texts, fields }: Template, textOf: (field: string) => string): string {
  let text = texts[0] as string;
  for (let i = 0; i < fields.length; i++) text += textOf(fields[i] as string) + (texts[i + 1] as string);
  return text;
}
