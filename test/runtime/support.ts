import { batchOf, parsedRows } from '../../src/testing/batch-of.ts';

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: String(index + 1), name: `n${index + 1}` }));

/** A batch of `count` rows with the columns `id` and `name`. */
export const numberedBatch = (count: number) => batchOf(numbered(count));

/** The same rows as a parser gives them. */
export const numberedRows = (count: number) => parsedRows(numbered(count));

/** Why a row is rejected, when it does not matter why. */
export const REJECTION = {
  stage: 'TRANSFORMATION',
  plugin: 'schema',
  errorName: 'InvalidFields',
  message: 'price: expected a double, got "abc"',
} as const;
