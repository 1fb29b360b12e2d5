export const LF = 10;
export const CR = 13;

/**
 * The end of the last line that is surely complete: a CR in the last place may be the first half of CRLF.
 */
export function completeLines(data: Buffer, from: number): number {
  const last = data.length - 1;
  const lf = data.lastIndexOf(LF);
  const cr = last < 1 ? -1 : data.lastIndexOf(CR, last - 1);
  return Math.max(lf + 1, cr + 1, from);
}

/** Where the line that holds `at` has its line end; `limit` when it has none. */
export function lineEndFrom(data: Buffer, at: number, limit: number): number {
  let i = at;
  while (i < limit && data[i] !== LF && data[i] !== CR) i++;
  return i;
}

/** The start of the line after the line end at `at`: CR, LF or CRLF. */
export function nextLine(data: Buffer, at: number, limit: number): number {
  if (at >= limit) return limit;
  return data[at] === CR && at + 1 < limit && data[at + 1] === LF ? at + 2 : at + 1;
}

/** How many line ends there are in `data[from, to)`. */
export function countLineEnds(data: Buffer, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) {
    const byte = data[i];
    if (byte === LF || (byte === CR && data[i + 1] !== LF)) count++;
  }
  return count;
}
