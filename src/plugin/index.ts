/**
 * The contract between Headrace and its plugins; import it as `headrace/plugin`.
 *
 * Words, as in Kafka Connect: a *connector* says where rows come from and is split into *tasks*; a *source partition*
 * is a thing that is read in order (a file), a *source offset* says how far. A *parser* turns bytes into rows; a
 * *transformation* changes a record; a *predicate* says to which records a transformation applies; a *converter*
 * makes the bytes of keys and values.
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
  Sleep,
  TaskContext,
} from './task-context.ts';
export type { Applied, Transformation, TransformationPlugin } from './transformation.ts';
export { defineTransformation } from './transformation.ts';
