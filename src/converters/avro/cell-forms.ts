import {
  AVRO_BOOLEAN,
  AVRO_DATE,
  AVRO_DOUBLE,
  AVRO_ENUM,
  AVRO_FLOAT,
  AVRO_STRING,
  AVRO_TIMESTAMP,
  AVRO_WHOLE,
  EXACT_POWERS,
  LAST_MINUTE_BYTES,
} from '../../../kernels/write-cells/layout.ts';
import { type CellField, wordList } from '../../rows/index.ts';
import { type CellForm, cellForm, changedLetters } from '../cells/cell-form.ts';
import { decimalForm } from '../cells/decimals.ts';
import { twosComplement } from '../shared/decimal.ts';
import { MAX_LONG_BYTES } from './binary.ts';
import type { AvroType } from './types.ts';

const FLOAT_BYTES = 4;
const DOUBLE_BYTES = 8;

/** How cells of a field become one type of Avro's; null when they have to become values first. */
export function avroCellForm(field: CellField, type: AvroType): CellForm | null {
  switch (type.kind) {
    case 'string':
      return cellForm(AVRO_STRING, {
        bytesPerByte: 1,
        extraBytes: MAX_LONG_BYTES,
        argument: changedLetters(field.case),
      });
    case 'int':
    case 'long':
      return cellForm(AVRO_WHOLE, { extraBytes: MAX_LONG_BYTES });
    case 'float':
      return cellForm(AVRO_FLOAT, { extraBytes: FLOAT_BYTES, detail: POWERS_OF_TEN });
    case 'double':
      return cellForm(AVRO_DOUBLE, { extraBytes: DOUBLE_BYTES, detail: POWERS_OF_TEN });
    case 'boolean':
      return cellForm(AVRO_BOOLEAN, { extraBytes: 1 });
    case 'date':
      return cellForm(AVRO_DATE, { extraBytes: MAX_LONG_BYTES });
    case 'timestamp':
      return cellForm(AVRO_TIMESTAMP, {
        extraBytes: MAX_LONG_BYTES,
        argument: type.digits,
        detail: Buffer.alloc(LAST_MINUTE_BYTES),
      });
    case 'decimal':
      return fitsFixed(type) ? decimalForm(type.precision, type.scale, type.size) : null;
    case 'enum':
      return cellForm(AVRO_ENUM, {
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
