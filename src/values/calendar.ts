export const DAY_MS = 86_400_000;

/**
 * Milliseconds since 1970 at a second in UTC, `2026-01-31T09:30:00`; null when there is none: JavaScript takes 30 February
 * for the 2nd of March, and 24:00 for the next day.
 */
export function utcMs(second: string): number | null {
  const date = new Date(`${second}Z`);
  const ms = date.getTime();
  return !Number.isNaN(ms) && date.toISOString().startsWith(second) ? ms : null;
}

/** Whether there is such a day, `2026-01-31`. */
export function isDay(date: string): boolean {
  return utcMs(`${date}T00:00:00`) !== null;
}
