import { posix } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { PluginInstance } from '../config/define/plugin-instance.ts';
import {
  defineConfig,
  defineSourceConnector,
  type FileProgress,
  type OffsetReader,
  type SourceChunk,
  type SourceConnectorPlugin,
  type SourceFile,
  type SourceTask,
} from '../plugin/index.ts';
import type { Heads } from './heads.ts';
import type { MendedRow } from './mended-rows.ts';

const ROWS_PER_TURN = 32;

/**
 * A source of dead letters for the engine that runs feeds. Each letter is a file of one row that is resumed where the
 * row stood: so it has the place it came from wherever it goes, and its offset, which is committed with it, is the
 * mark that it is replayed.
 */
export function replaySource(
  rows: readonly MendedRow[],
  heads: Heads,
): PluginInstance<SourceConnectorPlugin> {
  const plugin = defineSourceConnector({
    name: 'dead-letters',
    doc: 'Rows that were rejected, once more.',
    config: defineConfig({}),
    createTask: (_, { offsets, signal }) => new ReplayTask(rows, heads, offsets, signal),
  });
  return { plugin, values: {}, modulePath: null };
}

class ReplayTask implements SourceTask {
  readonly #rows: readonly MendedRow[];
  readonly #heads: Heads;
  readonly #offsets: OffsetReader;
  readonly #signal: AbortSignal;

  constructor(rows: readonly MendedRow[], heads: Heads, offsets: OffsetReader, signal: AbortSignal) {
    this.#rows = rows;
    this.#heads = heads;
    this.#offsets = offsets;
    this.#signal = signal;
  }

  async *read(): AsyncGenerator<SourceChunk, void, undefined> {
    for (const [index, row] of this.#rows.entries()) {
      // Rows in memory are always at hand: without a pause no answer of a broker would be read in between.
      if (index % ROWS_PER_TURN === 0) await setImmediate();
      if (this.#signal.aborted) return;
      // Asked here, where nobody else can replay any more, and not where the letters were read.
      if (this.#offsets.offset(row.letter.id) !== undefined) continue;
      const head = this.#heads.get(row.letter) ?? Buffer.alloc(0);
      yield { file: fileOf(row, head), bytes: Buffer.from(row.bytes), eof: true };
    }
  }
}

function fileOf({ letter }: MendedRow, headBytes: Buffer): SourceFile {
  const before = letter.row - 1;
  return {
    partition: letter.id,
    path: letter.file,
    name: posix.basename(letter.file),
    start: {
      position: letter.offset,
      row: before,
      line: letter.line - 1,
      head: headBytes.length,
      headBytes,
      produced: before,
      filtered: 0,
      rejected: 0,
      crc32: 0,
    },
    size: null,
    offsetAt: ({ produced, filtered, rejected }: FileProgress) => ({
      source: letter.file,
      row: letter.row,
      produced: produced - before,
      filtered,
      rejected,
    }),
  };
}
