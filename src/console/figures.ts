/** Figures and times as people read them. */

const SHORT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** `1.2M`. */
export function short(value: number): string {
  return SHORT.format(value);
}

/** `3 min`, of milliseconds. */
export function spanText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
}

/** The time of day of milliseconds since 1970, where who looks is. */
export function timeText(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB');
}

/** Date and time of an ISO 8601 text, where who looks is. */
export function dateText(iso: string | null): string {
  return iso === null ? '' : new Date(iso).toLocaleString('sv-SE');
}
