import type { ConfigDefinition, ConfigValues } from './config-definition.ts';
import type { DeclaredPlugin } from './declared-plugin.ts';
import type { ParsedRows } from './parsed-rows.ts';
import type { SourceFile } from './source-connector.ts';
import type { PluginContext } from './task-context.ts';

/** Turns the bytes of one file into rows. Pure: no streams, no clock, no files. */
export interface FileParser {
  /**
   * Takes the next bytes and gives every row that is complete; null when nothing of the file was used up. What is left
   * over is kept for the next call. With `eof` the last row needs no line end, and what is given, which may be no rows, is
   * never null.
   *
   * A bad row is among them, rejected. Throws only when the file as a whole cannot be parsed (SOURCE_MALFORMED).
   */
  push(bytes: Buffer, eof: boolean): ParsedRows | null;
  /**
   * Asked for after each push: null as a rule, or else the rows that only a look ahead in the file (`lookAhead` of the
   * file) or what `push` gave makes possible. The last of them, and not what `push` gave, is the one with `eof` then.
   */
  rest?(): AsyncIterable<ParsedRows> | null;
  /** Called once, last, also when the file was given up before its end: gives back the memory that is held. */
  close?(): void;
}

/** What a parser gets. */
export interface ParserContext extends PluginContext {
  /**
   * The fields that the feed takes of a file's rows, where it names all of them: a `schema` drops every other. null where
   * it may take any.
   */
  readonly wantedFields?: readonly string[] | null;
}

/** Turns bytes into rows; the first of a feed's `transforms`. */
export interface Parser {
  /** Begins a file, at `file.start` where it has one. */
  open(file: SourceFile): FileParser;
}

export interface ParserPlugin<D extends ConfigDefinition = ConfigDefinition> extends DeclaredPlugin<D> {
  readonly kind: 'parser';
  /** The columns of every file, where the options name them; null where each file does. */
  columns?(config: ConfigValues<D>): readonly string[] | null;
  /** Whether text of no characters is a value in its rows, as what is not there is null. By default it is nothing as well. */
  tellsNulls?(config: ConfigValues<D>): boolean;
  /** Called once for each task, when it begins, in its thread. */
  create(config: ConfigValues<D>, context: ParserContext): Parser;
}

export function defineParser<const D extends ConfigDefinition>(
  plugin: Omit<ParserPlugin<D>, 'kind'>,
): ParserPlugin<D> {
  return { kind: 'parser', ...plugin };
}
