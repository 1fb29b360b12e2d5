const SERIAL = /^[0-9]{1,7}(?:[^0-9][0-9]{1,17})?$/;
const DAY_MS = 86_400_000;
/** Lotus 1-2-3 took 1900 for a leap year, and Excel has its 29 February to this day. */
const NO_DAY = 60;

/** By the name of its format, the day that is 0 in a workbook, and whether there is a 29 February 1900 in it. */
export const EXCEL_EPOCHS: ReadonlyMap<string, { readonly zero: number; readonly leaps: boolean }> = new Map([
  ['excel', { zero: Date.UTC(1899, 11, 30), leaps: true }],
  ['excel_1904', { zero: Date.UTC(1904, 0, 1), leaps: false }],
]);

/**
 * The date and time of a serial number, to the millisecond, which is as exact as Excel is: it counts days, and holds them
 * as a double.
 */
export function excelTimestamp(text: string, format: string, point = '.'): string | undefined {
  const epoch = EXCEL_EPOCHS.get(format);
  const serial = serialOf(text, point);
  if (epoch === undefined || serial === null) return undefined;
  const day = Math.floor(serial);
  if (epoch.leaps && (day < 1 || day === NO_DAY)) return undefined;
  const early = epoch.leaps && day < NO_DAY ? 1 : 0;
  const date = new Date(epoch.zero + Math.round((serial + early) * DAY_MS));
  const iso = date.toISOString();
  // Other years have a sign and more digits.
  if (iso.length !== '2026-01-31T09:30:00.000Z'.length) return undefined;
  return iso.endsWith('.000Z') ? iso.slice(0, -'.000Z'.length) : iso.slice(0, -1);
}

function serialOf(text: string, point: string): number | null {
  if (!SERIAL.test(text)) return null;
  const serial = Number(point === '.' ? text : text.replace('.', ' ').replace(point, '.'));
  return Number.isNaN(serial) ? null : serial;
}

/** The day of a serial number without a fraction. */
export function excelDate(text: string, format: string, point = '.'): string | undefined {
  const timestamp = excelTimestamp(text, format, point);
  return timestamp?.endsWith('T00:00:00') ? timestamp.slice(0, 'yyyy-MM-dd'.length) : undefined;
}

/** The time of day of a fraction of a day. */
export function excelTime(text: string, point = '.'): string | undefined {
  const serial = serialOf(text, point);
  if (serial === null || serial >= 1) return undefined;
  const ms = Math.round(serial * DAY_MS);
  if (ms === DAY_MS) return undefined;
  const time = new Date(ms).toISOString().slice('1970-01-01T'.length, -1);
  return time.endsWith('.000') ? time.slice(0, -'.000'.length) : time;
}
