/**
 * What is wrong with the names of columns, of a header or of the options, or null. A name that comes more than once is
 * never made another: whoever reads the rows could not tell which column it was.
 */
export function columnNamesMistake(columns: readonly string[]): string | null {
  const nameless = columns.flatMap((name, index) => (name === '' ? [index + 1] : []));
  if (nameless.length > 0) return `no name for ${namelessText(nameless, columns.length)}`;
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const name of columns) (seen.has(name) ? twice : seen).add(name);
  if (twice.size === 0) return null;
  return `columns that come more than once: ${[...twice].map((name) => JSON.stringify(name)).join(', ')}`;
}

function namelessText(nameless: readonly number[], count: number): string {
  if (nameless.length > 1) return `columns ${nameless.join(', ')} of ${count}`;
  const hint = nameless[0] === count && count > 1 ? ': does it end with a delimiter too many?' : '';
  return `column ${nameless[0]} of ${count}${hint}`;
}
