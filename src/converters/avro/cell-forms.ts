import type { CellField } from '../../rows/index.ts';
import { type CellForm, cellForm, changedLetters } from '../cells/cell-form.ts';
import { decimalForm } from '../cells/decimals.ts';
import { twosComplement } from '../shared/decimal.ts';
import { MAX_LONG_BYTES } from './binary.ts';
import type { AvroType } from './types.ts';

const FLOAT_BYTES = 4;
const DOUBLE_BYTES = 8;
/** A double has every power of ten up to this. */
const EXACT_POWERS = 22;

/** How cells of a field become one type of Avro's; null when they have to become values first. */
export function avroCellForm(field: CellField, type: AvroType): CellForm | null {
  switch (type.kind) {
    case 'string':
      return cellForm('avroString', {
        bytesPerByte: 1,
        extraBytes: MAX_LONG_BYTES,
        argument: changedLetters(field.case),
      });
    case 'int':
    case 'long':
      return cellForm('avroWhole', { extraBytes: MAX_LONG_BYTES });
    case 'float':
      return cellForm('avroFloat', { extraBytes: FLOAT_BYTES, detail: POWERS_OF_TEN });
    case 'double':
      return cellForm('avroDouble', { extraBytes: DOUBLE_BYTES, detail: POWERS_OF_TEN });
    case 'boolean':
      return cellForm('avroBoolean', { extraBytes: 1 });
    case 'date':
      return cellForm('avroDate', { extraBytes: MAX_LONG_BYTES });
    case 'timestamp':
      return cellForm('avroTimestamp', { extraBytes: MAX_LONG_BYTES, argument: type.digits });
    case 'decimal':
      return fitsFixed(type) ? decimalForm(type.precision, type.scale, type.size) : null;
    case 'enum':
      return cellForm('avroEnum', {
        extraBytes: MAX_LONG_BYTES,
        argument: changedLetters(field.case),
        detail: wordList(type.symbols),
      });
    default:
      return null;
  }
}

const POWERS_OF_TEN = Buffer.from(
  Float64Array.from({ length: EXACT_POWERS + 1 }, (_, power) => Number(`1e${power}`)).buffer,
);

/** Whether every number of the precision has room in the bytes of a fixed. */
function fitsFixed({ precision, size }: { precision: number; size: number | null }): boolean {
  return size === null || twosComplement(-(10n ** BigInt(precision))).length <= size;
}

/** As `kernel/cells/words.ts` has them. */
function wordList(words: readonly string[]): Buffer {
  const list = words.map((word) => Buffer.from(word));
  return Buffer.concat([wordOf(list.length), ...list.flatMap((word) => [wordOf(word.length), word])]);
}

function wordOf(value: number): Buffer {
  return Buffer.from(Uint32Array.of(value).buffer);
}
