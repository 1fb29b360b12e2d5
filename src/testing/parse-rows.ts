import type { ConfigDefinition, FileParser, ParsedRows, ParserPlugin, Rejection } from '../plugin/index.ts';
import { RowBatch } from '../rows/index.ts';
import { created } from '../runtime/task/created-plugin.ts';
import { type Options, valuesOf } from './option-values.ts';
import { testContext } from './test-context.ts';
import { FILE } from './test-file.ts';

/** What became of one row of a file. */
export type ParsedRow =
  | { readonly outcome: 'row'; readonly line: number; readonly row: unknown }
  | { readonly outcome: 'rejected'; readonly line: number; readonly rejection: Rejection };

/**
 * Runs a parser over a file as a task would, and gives its rows in order.
 *
 * @param options dotted keys and their text, without the `transforms.<label>.` before them
 * @param content bytes, or the text whose UTF-8 they are
 * @param chunkBytes bytes of each chunk but the last, 1 or more; without it the file is one
 * @throws HeadraceError CONFIG_INVALID when an option is wrong, and what the parser throws of a file that it gives up
 */
export async function parseRows<D extends ConfigDefinition>(
  plugin: ParserPlugin<D>,
  options: Options,
  content: string | Uint8Array,
  { chunkBytes = Number.POSITIVE_INFINITY }: { readonly chunkBytes?: number } = {},
): Promise<readonly ParsedRow[]> {
  const use = { key: 'parseRows', name: plugin.name, modulePath: null };
  const values = valuesOf(plugin, options);
  const parser = await created(use, 'create', ['open'], () => plugin.create(values, testContext()));
  const bytes = Buffer.from(content);
  const file = parser.open({ ...FILE, size: bytes.length });
  const rows: ParsedRow[] = [];
  try {
    for (let start = 0, eof = false; !eof; start += chunkBytes) {
      eof = start + chunkBytes >= bytes.length;
      for await (const parsed of rowsOf(file, bytes.subarray(start, start + chunkBytes), eof))
        rows.push(...outcomes(parsed));
    }
  } finally {
    file.close?.();
  }
  return rows;
}

async function* rowsOf(file: FileParser, chunk: Buffer, eof: boolean): AsyncGenerator<ParsedRows> {
  // A copy, as a parser may keep its chunk and others may not see it change.
  const parsed = file.push(Buffer.from(chunk), eof);
  if (parsed !== null) yield parsed;
  yield* file.rest?.() ?? [];
}

function outcomes(parsed: ParsedRows): ParsedRow[] {
  const batch = new RowBatch(parsed);
  const rows = Array.from({ length: batch.rowCount }, (_, index): ParsedRow => {
    const { line } = batch.origin(index);
    const rejection = batch.rejections.get(index);
    if (rejection !== undefined) return { outcome: 'rejected', line, rejection };
    return { outcome: 'row', line, row: batch.records(index)[0]?.value };
  });
  batch.release();
  return rows;
}
