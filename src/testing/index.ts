/** What authors of plugins test with; import it as `headrace/testing`. */
export { testContext } from './test-context.ts';
export { testRecord } from './test-record.ts';
export type { TransformedRow } from './transform-rows.ts';
export { transformRows } from './transform-rows.ts';
