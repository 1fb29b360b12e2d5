import { type CellForm, cellForm } from './cell-form.ts';

const WORD_BYTES = 4;
const WORD_BITS = 32;
const BITS_A_DIGIT = Math.log2(10);
const MAX_LENGTH_BYTES = 10;
/** A long has every number of so many digits. */
const LONG_DIGITS = 18;

/** Decimals in Avro, as bytes or as a fixed of `size` bytes, which every number of the precision must fit. */
export function decimalForm(precision: number, scale: number, size: number | null): CellForm {
  const numberBytes = WORD_BYTES * wordsOf(precision);
  return cellForm('avroDecimal', {
    extraBytes: MAX_LENGTH_BYTES + Math.max(size ?? 0, numberBytes),
    detail: decimalDetail(precision, scale, size ?? 0),
  });
}

/** Decimals in Connect's JSON. */
export function base64Form(precision: number, scale: number): CellForm {
  const numberBytes = WORD_BYTES * wordsOf(precision);
  return cellForm('base64', {
    isQuoted: true,
    extraBytes: 4 * Math.ceil(numberBytes / 3),
    detail: decimalDetail(precision, scale, 0),
  });
}

/** `Decimals` of `kernel/cells/decimals.ts`, and room for a number. */
function decimalDetail(precision: number, scale: number, size: number): Buffer {
  const words = wordsOf(precision);
  const head = Uint32Array.of(scale, precision - scale, size, words);
  const unit = BigUint64Array.of(10n ** BigInt(Math.min(scale, LONG_DIGITS)));
  return Buffer.concat([
    Buffer.from(head.buffer),
    Buffer.from(unit.buffer),
    Buffer.alloc(WORD_BYTES * words),
  ]);
}

/** Those that hold every number of so many digits and its sign; at least a long's. */
function wordsOf(precision: number): number {
  return Math.max(2, Math.floor((precision * BITS_A_DIGIT + 1) / WORD_BITS) + 1);
}
