const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;
const GROUP = 3;

/**
 * Reads numbers with a separator between groups of three digits, and a decimal point of their own, without an expression:
 * most numbers have nothing more. It gives them with a point and no separators, and null for all others.
 *
 * @param separator null where there is none
 * @param point null where there is no fraction
 */
export function groupedNumber(
  separator: string | null,
  point: string | null,
): (text: string) => string | null {
  const separatorCode = separator?.charCodeAt(0) ?? -1;
  const pointCode = point?.charCodeAt(0) ?? -1;
  return (text) => {
    let whole = '';
    let from = 0;
    let digits = 0;
    let at = text.charCodeAt(0) === MINUS ? 1 : 0;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code >= ZERO && code <= NINE) digits++;
      else if (code === separatorCode) {
        if (from === 0 ? digits === 0 || digits > GROUP : digits !== GROUP) return null;
        whole += text.slice(from, at);
        from = at + 1;
        digits = 0;
      } else break;
    }
    if (digits === 0 || (from > 0 && digits !== GROUP)) return null;
    whole = from === 0 ? text.slice(0, at) : whole + text.slice(from, at);
    if (at === text.length) return whole;
    return text.charCodeAt(at) === pointCode && isDigits(text, at + 1)
      ? `${whole}.${text.slice(at + 1)}`
      : null;
  };
}

function isDigits(text: string, from: number): boolean {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < ZERO || code > NINE) return false;
  }
  return from < text.length;
}
