import type {
  ConfigDefinition,
  FileStart,
  ParserPlugin,
  PluginContext,
  SourceFile,
  SourceRecord,
  TransformationPlugin,
} from '../../src/plugin/index.ts';
import {
  type BlockFileParser,
  type BlockParser,
  type CellTransformation,
  RowBatch,
} from '../../src/rows/index.ts';
import { testContext, testRecord } from '../../src/testing/index.ts';

/** A file that no source stands behind. */
export function fakeFile(start: FileStart | null = null, path = 'drop/trades.csv'): SourceFile {
  return {
    partition: { file: path },
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    start,
    size: null,
    offsetAt: ({ position, row, line, head }) => ({ position, row, line, head }),
  };
}

export const pluginContext: PluginContext = { ...testContext(), connector: 'asx-trades' };

type Options = Readonly<Record<string, unknown>>;

/** The options as a plugin gets them: its defaults, and what is given over them. */
function withDefaults(definition: ConfigDefinition, options: Options): never {
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(definition, name)) throw new Error(`no option ${name}`);
  }
  const defaults = Object.entries(definition).map(([name, { default: value }]) => [name, value]);
  return { ...Object.fromEntries(defaults), ...options } as never;
}

export function makeParser<D extends ConfigDefinition>(
  plugin: ParserPlugin<D>,
  options: Options = {},
): BlockParser {
  return plugin.create(withDefaults(plugin.config, options), pluginContext);
}

export async function makeTransformation<D extends ConfigDefinition>(
  plugin: TransformationPlugin<D>,
  options: Options = {},
  context: PluginContext = pluginContext,
): Promise<CellTransformation> {
  return plugin.create(withDefaults(plugin.config, options), context);
}

/** What `check` finds, as `key: message`. */
export function problemsOf<D extends ConfigDefinition>(
  plugin: ParserPlugin<D> | TransformationPlugin<D>,
  options: Options,
): string[] {
  const problems = plugin.check?.(withDefaults(plugin.config, options)) ?? [];
  return [...problems].map(({ key, message }) => `${key}: ${message}`);
}

/** A record as a parser makes it. */
export function recordOf(value: unknown): SourceRecord {
  const origin = { filePath: 'drop/trades.csv', fileName: 'trades.csv', row: 1, line: 2, offset: 30 };
  return testRecord(value, { origin });
}

/** Pushes bytes, and gives the batch that a task makes of the rows that come of it. */
export function pushBatch(
  parser: BlockFileParser,
  ...given: Parameters<BlockFileParser['push']>
): RowBatch | null {
  const rows = parser.push(...given);
  return rows === null ? null : new RowBatch(rows);
}

/** Bytes in pieces of so many each. */
export function piecesOf(bytes: Buffer, length: number): Buffer[] {
  const count = Math.ceil(bytes.length / length);
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * length, (i + 1) * length));
}

/** Pushes the pieces and gives the batches that came. */
export function pushAll(parser: BlockFileParser, pieces: readonly Buffer[]): RowBatch[] {
  return pieces.flatMap((piece, i) => pushBatch(parser, piece, i === pieces.length - 1) ?? []);
}

/** A file that is all there, from where it is to be read on; whoever looks ahead in it sees so many bytes at once. */
export function wholeFile(bytes: Buffer, start: FileStart | null = null, lookAheadBytes = 1024): SourceFile {
  return {
    ...fakeFile(start),
    async *lookAhead(from) {
      for (let at = from; at < bytes.length; at += lookAheadBytes)
        yield bytes.subarray(at, at + lookAheadBytes);
    },
  };
}

/** Pushes the pieces as a task does, with looks ahead where the parser wants them, and gives the batches that came. */
export async function readAll(parser: BlockFileParser, pieces: readonly Buffer[]): Promise<RowBatch[]> {
  const batches: RowBatch[] = [];
  for (const [i, piece] of pieces.entries()) {
    const batch = pushBatch(parser, piece, i === pieces.length - 1);
    if (batch !== null) batches.push(batch);
    for await (const more of parser.rest?.() ?? []) batches.push(new RowBatch(more));
  }
  parser.close?.();
  return batches;
}

/** One row of a batch, as it can be compared. */
export interface SeenRow {
  readonly row: number;
  readonly line: number;
  readonly offset: number;
  readonly raw: string;
  /** null: rejected. */
  readonly cells: readonly string[] | null;
  readonly error?: string;
}

export function rowsOf(batches: readonly RowBatch[]): SeenRow[] {
  return batches.flatMap((batch) => Array.from({ length: batch.rowCount }, (_, i) => rowOf(batch, i)));
}

function rowOf(batch: RowBatch, index: number): SeenRow {
  const { row, line, offset } = batch.origin(index);
  const seen = { row, line, offset, raw: batch.rawRow(index).toString('latin1') };
  const rejection = batch.rejections.get(index);
  if (rejection) return { ...seen, cells: null, error: `${rejection.errorName}: ${rejection.message}` };
  return { ...seen, cells: batch.columns.map((_, column) => batch.cell(index, column)) };
}

/** Where reading goes on after a batch, as a source would remember it. */
export function startAfter(batch: RowBatch, wholeFile: Buffer): FileStart {
  const { progress } = batch;
  return {
    ...progress,
    produced: 0,
    filtered: 0,
    rejected: 0,
    crc32: 0,
    headBytes: wholeFile.subarray(0, progress.head),
  };
}
