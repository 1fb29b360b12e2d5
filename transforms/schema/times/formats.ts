import { EPOCH_DIGITS } from './epoch-time.ts';
import { EXCEL_EPOCHS } from './excel-time.ts';

/** Standard names, in small letters or as constants of java.time.format.DateTimeFormatter, and what they stand for. */
const NAMES = new Map([
  ['rfc3339', 'iso'],
  ['iso_date_time', 'iso'],
  ['iso_date', 'iso'],
  ['iso_time', 'iso'],
  ['basic_iso_date', 'yyyyMMdd'],
  ['http', 'rfc1123'],
  ['rfc_1123_date_time', 'rfc1123'],
]);

/** The formats that a field has, one after another, each by the name that it has here. */
export function formatsOf(format = 'iso'): readonly string[] {
  return alternatives(format).map((one) => NAMES.get(one) ?? NAMES.get(one.toLowerCase()) ?? one);
}

/** What stands between bars, but for those in quotes. */
function alternatives(format: string): string[] {
  const parts = format.split(/\|(?=(?:[^']*'[^']*')*[^']*$)/);
  return parts.length === 1 ? parts : parts.map((part) => part.trim());
}

/** Whether a format counts from 1970, and so in UTC. */
export function isEpoch(format: string): boolean {
  return format === 'epoch' || EPOCH_DIGITS.has(format);
}

/** Whether a format counts days, as workbooks do. */
export function isExcel(format: string): boolean {
  return EXCEL_EPOCHS.has(format);
}

const OUTSIDE_QUOTES = /'[^']*'/g;

/** Whether every timestamp in it may become one in UTC, with a zone for those that name none or without. */
export function becomesUtc(format: string, zone: string | undefined): boolean {
  if (isEpoch(format) || format === 'rfc1123' || format === 'iso') return true;
  return zone !== undefined || /VV|z/.test(format.replace(OUTSIDE_QUOTES, ''));
}
