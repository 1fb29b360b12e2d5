import type { ConverterPlugin } from './converter.ts';
import type { ParserPlugin } from './parser.ts';
import type { PredicatePlugin } from './predicate.ts';
import type { SourceConnectorPlugin } from './source-connector.ts';
import type { TransformationPlugin } from './transformation.ts';

/** A plugin of any kind, as the loader hands it on: its own option types are known to itself alone. */
export type Plugin =
  | SourceConnectorPlugin
  | ParserPlugin
  | TransformationPlugin
  | PredicatePlugin
  | ConverterPlugin;
