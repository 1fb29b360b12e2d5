import { batchOf } from '../../src/testing/batch-of.ts';

/** A batch of `count` rows with the columns `id` and `name`. */
export function numberedBatch(count: number) {
  return batchOf(
    Array.from({ length: count }, (_, index) => ({ id: String(index + 1), name: `n${index + 1}` })),
  );
}

/** Why a row is rejected, when it does not matter why. */
export const REJECTION = {
  stage: 'TRANSFORMATION',
  plugin: 'schema',
  errorName: 'InvalidFields',
  message: 'price: expected a double, got "abc"',
} as const;
