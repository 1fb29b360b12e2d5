/**
 * What stands between fixed texts, each piece as short as it can be but of `least` characters; null when the text does
 * not begin with the first, end with the last and hold the others in order. Takes linear time: nothing is tried twice.
 */
export function textsBetween(
  texts: readonly string[],
  text: string,
  least: (piece: number) => number,
): string[] | null {
  const first = texts[0] ?? '';
  const last = texts.at(-1) ?? '';
  if (texts.length === 1) return text === first ? [] : null;
  if (!text.startsWith(first) || !text.endsWith(last)) return null;
  const end = text.length - last.length;
  const pieces: string[] = [];
  let at = first.length;
  for (let i = 1; i < texts.length; i++) {
    const fixed = texts[i] as string;
    const from = at + least(i - 1);
    const next = i === texts.length - 1 ? end : text.indexOf(fixed, from);
    if (next < from) return null;
    pieces.push(text.slice(at, next));
    at = next + fixed.length;
  }
  return pieces;
}
