/** FilePulse's functions that a template has too. */
const FUNCTIONS: Readonly<Record<string, string>> = { lowercase: '|lower', uppercase: '|upper' };
const SELECTOR = String.raw`\$(?:value)?\.([A-Za-z_][\w-]*)`;
const FIELD = new RegExp(`^${SELECTOR}$`);
const CONDITION = new RegExp(String.raw`^(\w+)\(\s*${SELECTOR}\s*(,\s*'([^']*)'\s*)?\)$`);
const CALL = new RegExp(String.raw`^(\w+)\(\s*${SELECTOR}\s*\)$`);

/** The field that an expression of FilePulse names, `$.name`, `$value.name` or `name`; null for anything else. */
export function fieldOf(expression: string): string | null {
  const text = expression.trim().replace(/^\{\{\s*(.*?)\s*\}\}$/, '$1');
  return FIELD.exec(text)?.[1] ?? /^[A-Za-z_][\w-]*$/.exec(text)?.[0] ?? null;
}

/**
 * The template of a feed that says what an expression of FilePulse does: text, fields in it, and their letters made small
 * or capital. null for anything more.
 */
export function templateOf(expression: string): string | null {
  const whole = templatePart(expression.trim());
  if (whole !== null) return whole;
  if (/^\$|^\w+\(/.test(expression.trim())) return null;
  let template = '';
  for (const [at, part] of expression.split(/\{\{(.*?)\}\}/).entries()) {
    const text = at % 2 === 0 ? escapeBraces(part) : templatePart(part.trim());
    if (text === null) return null;
    template += text;
  }
  return template;
}

/**
 * The options of the predicate `field` that are met where a condition of FilePulse is; null for one that it has no word
 * for.
 */
export function conditionOf(expression: string): Readonly<Record<string, string>> | null {
  const text = expression.trim().replace(/^\{\{\s*(.*?)\s*\}\}$/, '$1');
  const [, call = '', field = '', , value] = CONDITION.exec(text) ?? [];
  if (call === 'is_null' && value === undefined) return { field, 'is.null': 'true' };
  if (value === undefined || value.includes('\\E')) return null;
  const options = {
    equals: { equals: value },
    matches: { matches: value },
    starts_with: { matches: `\\Q${value}\\E.*` },
    ends_with: { matches: `.*\\Q${value}\\E` },
    contains: { matches: `.*\\Q${value}\\E.*` },
  }[call];
  return options === undefined ? null : { field, ...options };
}

/** Text as it stands in a template. */
export function escapeBraces(text: string): string {
  return text.replaceAll(/[{}]/g, '$&$&');
}

function templatePart(expression: string): string | null {
  const text = /^'([^']*)'$/.exec(expression)?.[1];
  if (text !== undefined) return escapeBraces(text);
  const field = FIELD.exec(expression)?.[1];
  if (field !== undefined) return `{${field}}`;
  const [, name = '', of = ''] = CALL.exec(expression) ?? [];
  const change = FUNCTIONS[name];
  return change === undefined ? null : `{${of}${change}}`;
}
