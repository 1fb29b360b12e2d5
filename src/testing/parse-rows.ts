import type { ConfigDefinition, ParserPlugin, Rejection } from '../plugin/index.ts';
import { RowBatch } from '../rows/index.ts';
import { created } from '../runtime/task/created-plugin.ts';
import { type Options, valuesOf } from './option-values.ts';
import { fileOf, parsedPieces } from './parsed-file.ts';
import { testContext } from './test-context.ts';

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
  const file = parser.open(fileOf(bytes));
  const rows: ParsedRow[] = [];
  try {
    for await (const parsed of parsedPieces(use, file, piecesOf(bytes, chunkBytes))) {
      const batch = new RowBatch(parsed);
      for (let index = 0; index < batch.rowCount; index++) rows.push(outcomeOf(batch, index));
      batch.release();
    }
  } finally {
    file.close?.();
  }
  return rows;
}

function piecesOf(bytes: Buffer, length: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += length)
    pieces.push(bytes.subarray(start, start + length));
  return pieces.length === 0 ? [bytes] : pieces;
}

/** What became of a row of a batch that comes from a parser. */
export function outcomeOf(batch: RowBatch, index: number): ParsedRow {
  const { line } = batch.origin(index);
  const rejection = batch.rejections.get(index);
  if (rejection !== undefined) return { outcome: 'rejected', line, rejection };
  return { outcome: 'row', line, row: batch.records(index)[0]?.value };
}
