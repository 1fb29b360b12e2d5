/** Figures and times as people read them. */

const SHORT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** `1.2M`. */
export function short(value: number): string {
  return SHORT.format(value);
}

/** The time of day of milliseconds since 1970, where who looks is. */
export function timeText(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB');
}

/** Date and time of an ISO 8601 text, where who looks is. */
export function dateText(iso: string | null): string {
  return iso === null ? '' : new Date(iso).toLocaleString('sv-SE');
}
