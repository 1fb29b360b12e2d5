/**
 * The names of a path such as ``a.`b.c`.d`` (KIP-821, org.apache.kafka.connect.transforms.field.SingleFieldPath); text
 * says what is wrong with it. Names may be empty. A backquote ends a name only before a dot or at the end; one that
 * stands before a dot within a name is written with a backslash before it.
 */
export function fieldPath(source: string): readonly string[] | string {
  const names: string[] = [];
  let at = 0;
  while (at < source.length) {
    const name = source[at] === '`' ? quotedName(source, at + 1) : plainName(source, at);
    if (name === null) return `a backquote is not closed in ${JSON.stringify(source.slice(at))}`;
    names.push(name.text);
    at = name.end + 1;
  }
  if (source.endsWith('.')) names.push('');
  return names;
}

interface Name {
  readonly text: string;
  /** The place of the dot after it, or the end of the path. */
  readonly end: number;
}

function plainName(source: string, start: number): Name {
  const dot = source.indexOf('.', start);
  const end = dot < 0 ? source.length : dot;
  return { text: source.slice(start, end), end };
}

function quotedName(source: string, start: number): Name | null {
  for (let at = source.indexOf('`', start); at >= 0; at = source.indexOf('`', at + 1)) {
    const isLast = at === source.length - 1;
    if (!isLast && source[at + 1] !== '.') continue;
    if (source[at - 1] !== '\\') return { text: unescaped(source.slice(start, at)), end: at + 1 };
  }
  return null;
}

/** Only a backquote before a dot needs its backslash, and loses it. */
function unescaped(text: string): string {
  return text.replaceAll('\\`.', '`.');
}
