/** What authors of plugins test with; import it as `headrace/testing`. */
export type { BatteryOptions, ConformanceCase } from './conformance/conformance-case.ts';
export type { RecordParts } from './conformance/example-rows.ts';
export type { WrongOptions } from './conformance/option-checks.ts';
export type { ConverterBattery, ConverterExample } from './conformance/test-converter.ts';
export { testConverter } from './conformance/test-converter.ts';
export type { ParserBattery, ParserExample } from './conformance/test-parser.ts';
export { testParser } from './conformance/test-parser.ts';
export type { TransformationBattery, TransformationExample } from './conformance/test-transformation.ts';
export { testTransformation } from './conformance/test-transformation.ts';
export type { ParsedRow } from './parse-rows.ts';
export { parseRows } from './parse-rows.ts';
export type { ReadFile, StoredOffset } from './read-files.ts';
export { readFiles } from './read-files.ts';
export { testContext } from './test-context.ts';
export { testRecord } from './test-record.ts';
export type { TransformedRow } from './transform-rows.ts';
export { transformRows } from './transform-rows.ts';
