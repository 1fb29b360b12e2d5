const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/** JSON text with each member on a line of its own; its numbers and the order of its members stay as they are. */
export function indentedJson(text: string): string {
  let indented = '';
  let depth = 0;
  let before = '';
  const line = () => `\n${'  '.repeat(depth)}`;
  for (const [token] of text.matchAll(TOKEN)) {
    const closes = token === '}' || token === ']';
    const isEmpty = closes && (before === '{' || before === '[');
    if (closes) depth--;
    const begins = before === '{' || before === '[' || before === ',';
    if ((closes || begins) && !isEmpty) indented += line();
    indented += token === ':' ? ': ' : token;
    if (token === '{' || token === '[') depth++;
    before = token;
  }
  return `${indented}\n`;
}
