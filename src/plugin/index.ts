/**
 * The contract between Headrace and its plugins; import it as `headrace/plugin`.
 *
 * Words, as in Kafka Connect: a *connector* says where rows come from and is split into *tasks*; a *source partition*
 * is a thing that is read in order (a file), a *source offset* says how far. A *parser* turns bytes into rows; a
 * *transformation* changes a record; a *predicate* says to which records a transformation applies; a *converter*
 * makes the bytes of keys and values.
 *
 * Life cycle: a plugin's module is imported in the thread of each task of a feed that names it, and wherever a feed is looked
 * at. `check`, `fieldUse`, `columns` and `taskCount` are asked when a feed is read, before there is a task. A task that begins
 * calls `createTask` of the source, then `create` of the parser, of the transformations in their order, each before its
 * predicate, and of the converters; what these make is called in that one thread, for one batch of rows after another. `close` is
 * called once, whatever ended the task, of what was made last first. A task that begins again makes everything anew, from its
 * last commit on: rows that came before may come once more. A thread that is ended by force calls nothing any more.
 */

export type { ErrorCode, HeadraceErrorOptions } from '../errors.ts';
export { HeadraceError, messageOf } from '../errors.ts';
export type {
  ConfigDefinition,
  ConfigProblem,
  ConfigValues,
  OptionDefinition,
  OptionFormats,
} from './config-definition.ts';
export { defineConfig } from './config-definition.ts';
export { CONTRACT_VERSION } from './contract-version.ts';
export type { Converter, ConverterPlugin } from './converter.ts';
export { defineConverter } from './converter.ts';
export type { FieldUse, SoughtField } from './field-use.ts';
export { addingFields } from './field-use.ts';
export { FileRejected } from './file-rejected.ts';
export type {
  HistogramOptions,
  MetricLabels,
  MetricOptions,
  PluginCounter,
  PluginGauge,
  PluginHistogram,
  PluginMetrics,
} from './metrics.ts';
export type { ParsedCells, ParsedRows, ReadProgress, Rejection, Stage } from './parsed-rows.ts';
export type { FileParser, Parser, ParserContext, ParserPlugin } from './parser.ts';
export { defineParser } from './parser.ts';
export type { Predicate, PredicatePlugin } from './predicate.ts';
export { definePredicate } from './predicate.ts';
export { RowError } from './row-error.ts';
export type {
  AvroFieldSource,
  AvroSource,
  FieldSchema,
  FieldType,
  FieldValue,
  InnerRecord,
  RecordSchema,
  TimeUnit,
} from './schema.ts';
export type {
  FileProgress,
  FileStart,
  GivenUpFile,
  SourceArchive,
  SourceChunk,
  SourceConnectorPlugin,
  SourceFile,
  SourceOffset,
  SourcePartition,
  SourceTask,
} from './source-connector.ts';
export { defineSourceConnector } from './source-connector.ts';
export type { RecordHeader, RowOrigin, SourceRecord } from './source-record.ts';
export type {
  CommittedOffset,
  FileState,
  LookoutContext,
  OffsetReader,
  PluginContext,
  PluginLog,
  RowPosition,
  Sleep,
  TaskContext,
} from './task-context.ts';
export type {
  Applied,
  BatchApplied,
  Transformation,
  TransformationContext,
  TransformationPlugin,
} from './transformation.ts';
export { defineTransformation, inBatches } from './transformation.ts';
