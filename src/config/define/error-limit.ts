/** How many bad rows are too many: a number, or a share of the rows read (0.01 is 1%). */
export type ErrorLimit =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'share'; readonly share: number };

/** Reads `100`, `1%` or `0.5%`; null when it is neither a number of rows nor a share. */
export function parseErrorLimit(text: string): ErrorLimit | null {
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return { kind: 'count', count: Number(text) };
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1];
  if (percent === undefined || Number(percent) > 100) return null;
  return { kind: 'share', share: Number(percent) / 100 };
}
