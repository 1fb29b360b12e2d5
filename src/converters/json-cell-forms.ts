import {
  type CellField,
  type Cells,
  type CellTarget,
  cellDays,
  cellFraction,
  cellSeconds,
  copyCell,
} from '../plugin/index.ts';
import { decimalForm } from './cell-decimals.ts';
import { fitsTimestamp } from './cell-timestamps.ts';
import type { JsonForm } from './json-forms.ts';
import { writeJsonText, writeJsonTextIn } from './json-text.ts';

/** How cells of one type become one form of JSON. */
export interface JsonCellForm {
  readonly isQuoted: boolean;
  /** The most bytes for each byte of a cell, and beside those. */
  readonly bytesPerByte: number;
  readonly extraBytes: number;
  /** Whether a cell that is not empty can be written; null when all can. */
  readonly fits: ((bytes: Buffer, start: number, end: number) => boolean) | null;
  /** Writes a cell that fits, without quotes, and gives the end. */
  write(target: CellTarget, at: number, cells: Cells, start: number, end: number): number;
}

/** An escaped byte takes so many. */
const LONGEST_ESCAPE = 6;
const BARE = new Set(['int', 'long', 'float', 'double', 'boolean']);
const COPIED = { bytesPerByte: 1, extraBytes: 0, fits: null, write: copyCell };
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;

export function jsonCellForm(field: CellField, form: JsonForm): JsonCellForm {
  switch (form.kind) {
    case 'plain':
      return plainForm(field);
    case 'digits':
      return { ...COPIED, isQuoted: false, write: copyNumber };
    case 'instant':
      return { ...COPIED, isQuoted: true, fits: (bytes, _start, end) => bytes[end - 1] === Z };
    case 'days':
      return { ...COPIED, isQuoted: false, extraBytes: MAX_DIGITS, write: writeDays };
    case 'count':
      return countForm(form.digits);
    case 'base64':
      return base64Form(form.scale);
  }
}

const Z = 0x5a;
const MAX_DIGITS = 20;

/** Numbers and times in their plain form hold nothing to escape. */
function plainForm({ type, case: toCase }: CellField): JsonCellForm {
  if (type !== 'string' && type !== 'enum') return { ...COPIED, isQuoted: !BARE.has(type) };
  const write = toCase === null ? writeJsonText : writeJsonTextIn(toCase);
  return { isQuoted: true, bytesPerByte: LONGEST_ESCAPE, extraBytes: 0, fits: null, write };
}

/** JSON has no zeros before a number. */
function copyNumber(target: CellTarget, from: number, cells: Cells, start: number, end: number): number {
  const { bytes } = cells;
  const negative = bytes[start] === MINUS;
  let first = negative ? start + 1 : start;
  while (bytes[first] === ZERO && first + 1 < end && bytes[first + 1] !== DOT) first++;
  if (negative) target.buffer[from] = MINUS;
  return copyCell(target, negative ? from + 1 : from, cells, first, end);
}

function writeDays(target: CellTarget, at: number, { bytes }: Cells, start: number): number {
  const days = cellDays(bytes, start);
  if (days >= 0) return writeDigits(target, at, days, 1);
  target.buffer[at] = MINUS;
  return writeDigits(target, at + 1, -days, 1);
}

function countForm(digits: 3 | 6 | 9): JsonCellForm {
  return {
    isQuoted: false,
    bytesPerByte: 1,
    extraBytes: MAX_DIGITS,
    fits: (bytes, start, end) => fitsTimestamp(bytes, start, end, digits),
    write(target, at, { bytes }, start, end) {
      const seconds = cellSeconds(bytes, start);
      const fraction = cellFraction(bytes, start, end, digits);
      if (seconds === 0) return writeDigits(target, at, fraction, 1);
      return writeDigits(target, writeDigits(target, at, seconds, 1), fraction, digits);
    },
  };
}

/** A whole number that is not negative, with zeros before it up to `least` digits. */
function writeDigits({ buffer }: CellTarget, at: number, value: number, least: number): number {
  let length = least;
  for (let limit = 10 ** least; value >= limit; limit *= 10) length++;
  let rest = value;
  for (let i = at + length - 1; i >= at; i--) {
    const tenth = Math.floor(rest / 10);
    buffer[i] = ZERO + rest - 10 * tenth;
    rest = tenth;
  }
  return at + length;
}

/** Decimals with more digits before the point, or behind it, become records. */
const MAX_DECIMAL_DIGITS = 38;

function base64Form(scale: number): JsonCellForm {
  const decimals = decimalForm(MAX_DECIMAL_DIGITS + scale, scale, null);
  const bytes = Buffer.alloc(decimals.extraBytes + MAX_DIGITS);
  const scratch = { buffer: bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
  return {
    isQuoted: true,
    bytesPerByte: 1,
    extraBytes: 2 * bytes.length,
    fits: scale > MAX_DECIMAL_DIGITS ? () => false : decimals.fits,
    write(target, at, cells, start, end) {
      // The first byte is the length, which is below 64.
      const written = decimals.write(scratch, 0, cells, start, end);
      return at + target.buffer.write(scratch.buffer.toString('base64', 1, written), at, 'latin1');
    },
  };
}
