import { cellDays, cellFraction } from '../plugin/index.ts';
import { MAX_LONG_BYTES, writeLong, writeLongOf } from './avro-binary.ts';
import type { CellForm } from './avro-cell-forms.ts';

const Z = 0x5a;
const ZERO = 0x30;
/** Where the digits behind the second begin. */
const FRACTION_AT = 20;
const NANOS = 9;
const SECONDS_A_DAY = 86_400;

/** Timestamps as a number of 10^-digits s. */
export function timestampForm(digits: 3 | 6 | 9): CellForm {
  const unit = 10 ** digits;
  const midnightOf = rememberedMidnight();
  return {
    extraBytes: MAX_LONG_BYTES,
    fits: (bytes, start, end) => fitsTimestamp(bytes, start, end, digits),
    write(target, at, { bytes, view }, start, end) {
      const ofDay =
        twoDigits(bytes, start + 11) * 3600 +
        twoDigits(bytes, start + 14) * 60 +
        twoDigits(bytes, start + 17);
      const seconds = midnightOf(bytes, view, start) + ofDay;
      const fraction = cellFraction(bytes, start, end, digits);
      return digits === NANOS
        ? writeLongOf(target, at, seconds, fraction, false)
        : writeLong(target, at, seconds * unit + fraction);
    },
  };
}

/** Seconds from 1970 to a cell's midnight. Rows next to each other are mostly of one day, which is worked out once. */
function rememberedMidnight(): (bytes: Buffer, view: DataView, start: number) => number {
  // `2026`, `-01-` and `31` of the last one.
  let year = 0;
  let month = 0;
  let day = 0;
  let midnight = 0;
  return (bytes, view, start) => {
    const itsYear = view.getInt32(start);
    const itsMonth = view.getInt32(start + 4);
    const itsDay = view.getInt16(start + 8);
    if (itsYear !== year || itsMonth !== month || itsDay !== day) {
      year = itsYear;
      month = itsMonth;
      day = itsDay;
      midnight = cellDays(bytes, start) * SECONDS_A_DAY;
    }
    return midnight;
  };
}

/**
 * Whether a timestamp of a cell is in UTC, from 1970 to 2199, where every unit's numbers are far from the borders of
 * what is exact, and has no more digits than the unit, but for zeros.
 */
export function fitsTimestamp(bytes: Buffer, start: number, end: number, digits: 3 | 6 | 9): boolean {
  if (bytes[end - 1] !== Z) return false;
  for (let i = start + FRACTION_AT + digits; i < end - 1; i++) if (bytes[i] !== ZERO) return false;
  const century = ((bytes[start] as number) - ZERO) * 10 + (bytes[start + 1] as number) - ZERO;
  if (century === 20 || century === 21) return true;
  return century === 19 && (bytes[start + 2] as number) >= ZERO + 7;
}

function twoDigits(bytes: Buffer, at: number): number {
  return ((bytes[at] as number) - ZERO) * 10 + (bytes[at + 1] as number) - ZERO;
}
