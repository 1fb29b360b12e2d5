import type { CellField, Cells, CellTarget } from '../plugin/index.ts';
import { cellDays, copyCell } from '../plugin/index.ts';
import { MAX_LONG_BYTES, writeLong } from './avro-binary.ts';
import type { AvroType } from './avro-types.ts';
import { decimalForm } from './cell-decimals.ts';
import { cellDouble, wholeForm } from './cell-numbers.ts';
import { timestampForm } from './cell-timestamps.ts';
import { twosComplement } from './decimal.ts';

/** How cells of one type become one type of Avro's. */
export interface CellForm {
  /** The most bytes beside those of the cell. */
  readonly extraBytes: number;
  /** Whether a cell that is not empty can be written; null when all can. */
  readonly fits: ((bytes: Buffer, start: number, end: number) => boolean) | null;
  /** Writes a cell that fits and gives the end. */
  write(target: CellTarget, at: number, cells: Cells, start: number, end: number): number;
}

const FLOAT_BYTES = 4;
const DOUBLE_BYTES = 8;
const LETTERS_APART = 0x20;
const T = 't'.charCodeAt(0);

/** null when the cells have to become values first. */
export function cellForm(field: CellField, type: AvroType): CellForm | null {
  switch (type.kind) {
    case 'string':
      return field.case === null ? TEXT : textIn(field.case);
    case 'int':
    case 'long':
      return wholeForm;
    case 'float':
      return FLOAT;
    case 'double':
      return DOUBLE;
    case 'boolean':
      return BOOLEAN;
    case 'date':
      return DATE;
    case 'timestamp':
      return timestampForm(type.digits);
    case 'decimal':
      return fitsFixed(type) ? decimalForm(type.precision, type.scale, type.size) : null;
    case 'enum':
      return symbolForm(type.symbols, field.case);
  }
}

/** Whether every number of the precision has room in the bytes of a fixed. */
function fitsFixed({ precision, size }: { precision: number; size: number | null }): boolean {
  return size === null || twosComplement(-(10n ** BigInt(precision))).length <= size;
}

const TEXT: CellForm = {
  extraBytes: MAX_LONG_BYTES,
  fits: null,
  write: (target, at, cells, start, end) =>
    copyCell(target, writeLong(target, at, end - start), cells, start, end),
};

function textIn(toCase: 'lower' | 'upper'): CellForm {
  const [first, last] = lettersOf(toCase);
  return {
    extraBytes: MAX_LONG_BYTES,
    fits: null,
    write(target, from, { bytes }, start, end) {
      let at = writeLong(target, from, end - start);
      for (let i = start; i < end; i++) {
        const byte = bytes[i] as number;
        target.buffer[at++] = byte >= first && byte <= last ? byte ^ LETTERS_APART : byte;
      }
      return at;
    },
  };
}

/** The letters that are changed. */
function lettersOf(toCase: 'lower' | 'upper'): readonly [number, number] {
  return toCase === 'lower' ? [0x41, 0x5a] : [0x61, 0x7a];
}

const FLOAT: CellForm = {
  extraBytes: FLOAT_BYTES,
  fits: null,
  write(target, at, { bytes }, start, end) {
    target.view.setFloat32(at, cellDouble(bytes, start, end), true);
    return at + FLOAT_BYTES;
  },
};

const DOUBLE: CellForm = {
  extraBytes: DOUBLE_BYTES,
  fits: null,
  write(target, at, { bytes }, start, end) {
    target.view.setFloat64(at, cellDouble(bytes, start, end), true);
    return at + DOUBLE_BYTES;
  },
};

const BOOLEAN: CellForm = {
  extraBytes: 1,
  fits: null,
  write(target, at, { bytes }, start) {
    target.buffer[at] = bytes[start] === T ? 1 : 0;
    return at + 1;
  },
};

const DATE: CellForm = {
  extraBytes: MAX_LONG_BYTES,
  fits: null,
  write: (target, at, { bytes }, start) => writeLong(target, at, cellDays(bytes, start)),
};

function symbolForm(symbols: readonly string[], toCase: 'lower' | 'upper' | null): CellForm {
  const words = symbols.map((symbol) => Buffer.from(symbol));
  const [first, last] = toCase === null ? [1, 0] : lettersOf(toCase);
  const indexOf = (bytes: Buffer, start: number, end: number): number => {
    search: for (let index = 0; index < words.length; index++) {
      const word = words[index] as Buffer;
      if (word.length !== end - start) continue;
      for (let i = 0; i < word.length; i++) {
        const byte = bytes[start + i] as number;
        if ((byte >= first && byte <= last ? byte ^ LETTERS_APART : byte) !== word[i]) continue search;
      }
      return index;
    }
    return -1;
  };
  return {
    extraBytes: MAX_LONG_BYTES,
    fits: (bytes, start, end) => indexOf(bytes, start, end) >= 0,
    write: (target, at, { bytes }, start, end) => writeLong(target, at, indexOf(bytes, start, end)),
  };
}
