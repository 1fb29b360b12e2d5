import { WORD_BYTES } from '../../../kernels/lib/sizes.ts';
import {
  LONG_DIGITS,
  NUMBER,
  SCALE,
  SIZE,
  UNIT,
  WHOLE_DIGITS,
  WORDS,
} from '../../../kernels/write-cells/decimals-layout.ts';
import { AVRO_DECIMAL, BASE64 } from '../../../kernels/write-cells/layout.ts';
import { type CellForm, cellForm } from './cell-form.ts';

const WORD_BITS = 32;
const BITS_A_DIGIT = Math.log2(10);
const MAX_LENGTH_BYTES = 10;

/** Decimals in Avro, as bytes or as a fixed of `size` bytes, which every number of the precision must fit. */
export function decimalForm(precision: number, scale: number, size: number | null): CellForm {
  const numberBytes = WORD_BYTES * wordsOf(precision);
  return cellForm(AVRO_DECIMAL, {
    extraBytes: MAX_LENGTH_BYTES + Math.max(size ?? 0, numberBytes),
    detail: decimalDetail(precision, scale, size ?? 0),
  });
}

/** Decimals in Connect's JSON. */
export function base64Form(precision: number, scale: number): CellForm {
  const numberBytes = WORD_BYTES * wordsOf(precision);
  return cellForm(BASE64, {
    isQuoted: true,
    extraBytes: 4 * Math.ceil(numberBytes / 3),
    detail: decimalDetail(precision, scale, 0),
  });
}

/** `kernels/write-cells/decimals-layout.ts`. */
function decimalDetail(precision: number, scale: number, size: number): Buffer {
  const words = wordsOf(precision);
  const detail = Buffer.alloc(NUMBER + WORD_BYTES * words);
  detail.writeUInt32LE(scale, SCALE);
  detail.writeUInt32LE(precision - scale, WHOLE_DIGITS);
  detail.writeUInt32LE(size, SIZE);
  detail.writeUInt32LE(words, WORDS);
  detail.writeBigUInt64LE(10n ** BigInt(Math.min(scale, LONG_DIGITS)), UNIT);
  return detail;
}

/** Those that hold every number of so many digits and its sign; at least a long's. */
function wordsOf(precision: number): number {
  return Math.max(2, Math.floor((precision * BITS_A_DIGIT + 1) / WORD_BITS) + 1);
}
