export const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];
/** By the numbers that JavaScript has for them. */
export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const SHORT = 3;

/** The number of a month, of its name in full or its first three letters; null for anything else. */
export function monthNumber(name: string): string | null {
  const index = indexOf(MONTHS, name);
  return index < 0 ? null : String(index + 1).padStart(2, '0');
}

/** The number of a weekday in the same way. */
export function weekdayOf(name: string): string | null {
  const index = indexOf(WEEKDAYS, name);
  return index < 0 ? null : String(index);
}

function indexOf(names: readonly string[], name: string): number {
  const lower = name.toLowerCase();
  return names.findIndex((one) => {
    const full = one.toLowerCase();
    return lower === full || (lower.length === SHORT && full.startsWith(lower));
  });
}
