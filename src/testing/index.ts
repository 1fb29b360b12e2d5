/** What authors of plugins test with; import it as `headrace/testing`. */
export { batchOf } from './batch-of.ts';
export { testContext } from './test-context.ts';
export type { TransformedRow } from './transform-rows.ts';
export { transformRows } from './transform-rows.ts';
