import type { CellReading, Doubt } from './cell-reading.ts';
import type { ColumnProfile } from './column-profile.ts';
import type { FileStyle } from './file-style.ts';
import type { NumberProfile } from './number-profile.ts';
import { isTimeName, type TimeProfile } from './time-profile.ts';
import type { TimeFormat } from './time-proposals.ts';

/** A column's cells as times, of one format or of several in turn; null where they are none. */
export function timeReading(
  { times, numbers, name }: ColumnProfile,
  file: FileStyle,
  known: number,
): CellReading | null {
  if (times.count === 0) return null;
  const misfits = known - times.count;
  const fitting = times.fitting(0).filter((format) => isTime(format, numbers, name));
  if (fitting.length > 0) return { ...oneFormat(fitting, times, file), misfits };
  const together = times.together();
  if (together === null || together.some(({ isNumber }) => isNumber)) return null;
  const type = together.some((format) => format.type === 'timestamp')
    ? 'timestamp'
    : (together[0] as TimeFormat).type;
  const formats = together.map(({ format, type: own }) =>
    format === 'iso' && own !== type ? 'yyyy-MM-dd' : format,
  );
  return { type, settings: { format: formats.join(' | ') }, misfits, doubts: [] };
}

/** A number is a time where the column is called so, or where it could hardly be anything else. */
function isTime({ isNumber, format, type }: TimeFormat, { count }: NumberProfile, name: string): boolean {
  if (!isNumber) return true;
  if (isTimeName(name)) return type !== 'time' || /time|zeit|heure|hora|clock/i.test(name);
  return count >= 2 && type !== 'time' && format !== 'excel' && format !== 'epoch_s';
}

function oneFormat(
  fitting: readonly TimeFormat[],
  times: TimeProfile,
  file: FileStyle,
): Omit<CellReading, 'misfits'> {
  const [first] = fitting as [TimeFormat, ...TimeFormat[]];
  const days = fitting.find(({ order }) => order === 'day');
  const months = fitting.find(({ order }) => order === 'month');
  if (days === undefined || months === undefined)
    return { ...settled(first), doubts: [...numberDoubts(first), ...zoneDoubts(first, times)] };
  const isDay = file.order === null ? times.days(days) <= times.days(months) : file.order === 'day';
  const [taken, other] = isDay ? [days, months] : [months, days];
  const zones = zoneDoubts(taken, times);
  if (file.order !== null) return { ...settled(taken), doubts: zones };
  const doubt = {
    text: `01/02 may be 1 February or 2 January; the ${isDay ? 'day' : 'month'} is taken to be first`,
    change: { format: other.format },
  };
  return { ...settled(taken), doubts: [doubt, ...zones] };
}

function settled({ type, format }: TimeFormat): Pick<CellReading, 'type' | 'settings'> {
  return { type, settings: format === 'iso' ? {} : { format } };
}

function zoneDoubts(format: TimeFormat, times: TimeProfile): Doubt[] {
  if (!times.isLocal(format)) return [];
  const text = 'its times name no zone, and get none (where an instant is needed, they are taken for UTC)';
  return [{ text, change: { zone: 'Australia/Sydney' } }];
}

function numberDoubts({ isNumber, format }: TimeFormat): Doubt[] {
  if (!isNumber || format === 'yyyyMMdd') return [];
  return [{ text: `numbers are taken for times (${format})`, change: { type: 'long' } }];
}
