const STEP = /`((?:[^`\\]|\\.|`(?!\.|$))*)`(?:\.|$)|([^.`][^.]*|)(?:\.|$)/y;

/**
 * The names of a path such as ``a.`b.c`.d`` (KIP-821); text says what is wrong with it. A backquote within backquotes
 * is written with a backslash before it.
 */
export function fieldPath(source: string): readonly string[] | string {
  const names: string[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < source.length) {
    const at = STEP.lastIndex;
    const match = STEP.exec(source);
    if (match === null) return `a backquote is not closed in ${JSON.stringify(source.slice(at))}`;
    names.push(match[1]?.replaceAll('\\`', '`') ?? (match[2] as string));
  }
  return names.length === 0 || source.endsWith('.')
    ? `expected a name after ${JSON.stringify(source)}`
    : names;
}
