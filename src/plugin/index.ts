/**
 * The contract between Headrace and its plugins; import it as `headrace/plugin`.
 *
 * Words, as in Kafka Connect: a *connector* says where rows come from and is split into *tasks*; a *source partition*
 * is a thing that is read in order (a file), a *source offset* says how far. A *parser* turns bytes into records; a
 * *transformation* changes a record; a *predicate* says to which records a transformation applies; a *converter*
 * makes the bytes of keys and values.
 */

export type { ErrorCode, HeadraceErrorOptions } from '../errors.ts';
export { HeadraceError, messageOf } from '../errors.ts';
export { avroFullName, avroNameWithin, isAvroJson } from './avro-name.ts';
export { BoundedExpression } from './bounded-expression.ts';
export type { BatchCells, CellField, CellPlan, CellStage, Cells, CellWriter } from './cells.ts';
export type {
  ConfigDefinition,
  ConfigProblem,
  ConfigValues,
  OptionDefinition,
  OptionFormats,
} from './config-definition.ts';
export { defineConfig, dottedName } from './config-definition.ts';
export type { Converter, ConverterPlugin } from './converter.ts';
export { defineConverter } from './converter.ts';
export { exactNumber, parseExactJson } from './exact-json.ts';
export type { FieldUse, SoughtField } from './field-use.ts';
export { addingFields } from './field-use.ts';
export { FileRejected } from './file-rejected.ts';
export { loadKernel, shareFunction } from './kernel.ts';
export {
  addressOf,
  allocate,
  allocateFor,
  allocateWords,
  release,
  wordsOf,
} from './kernel-memory.ts';
export { looksLikeUtf16le, nulInFirstLine, otherFormat, SHORT_HEAD_BYTES } from './known-formats.ts';
export {
  dataJson,
  entriesOf,
  exactLong,
  jsonInOrder,
  keepOrder,
  namesOf,
  orderedRow,
  orderToKeep,
  takeOrder,
  takeOrders,
} from './ordered-row.ts';
export type { FileParser, Parser, ParserPlugin } from './parser.ts';
export { defineParser } from './parser.ts';
/** Any plugin. */
export type { Plugin } from './plugin.ts';
export type { Predicate, PredicatePlugin } from './predicate.ts';
export { definePredicate } from './predicate.ts';
export type { ReadProgress, RecordBatchInit, Rejection, SkippedBytes, Stage } from './record-batch.ts';
export { RecordBatch, TAIL_BYTES } from './record-batch.ts';
export { rowByRow } from './row-by-row.ts';
export { RowError } from './row-error.ts';
export type {
  AvroFieldSource,
  AvroJson,
  AvroSource,
  FieldSchema,
  FieldType,
  FieldValue,
  InnerRecord,
  RecordSchema,
  TimeUnit,
} from './schema.ts';
export { FIELD_TYPES, innerRecordsOf, ownNameOf, shapeOf, shapeOfFields } from './schema.ts';
export type {
  FileProgress,
  FileStart,
  SourceChunk,
  SourceConnectorPlugin,
  SourceFile,
  SourceOffset,
  SourcePartition,
  SourceTask,
} from './source-connector.ts';
export { defineSourceConnector } from './source-connector.ts';
export type { RecordHeader, RowOrigin, SourceRecord } from './source-record.ts';
export type { FileState, OffsetReader, PluginContext, PluginLog, TaskContext } from './task-context.ts';
export { durationParts, isUuid } from './text-forms.ts';
export type { Applied, Transformation, TransformationPlugin } from './transformation.ts';
export { defineTransformation } from './transformation.ts';
export type { AddedField, WiderPlan } from './wider-plan.ts';
export { addedFields, widerPlan } from './wider-plan.ts';
