import type { ConfigDefinition, Rejection, SourceRecord, TransformationPlugin } from '../plugin/index.ts';
import { threadCalls } from '../plugin-calls/thread-calls.ts';
import { TransformationStage } from '../runtime/stages/transformation-stage.ts';
import { created } from '../runtime/task/created-plugin.ts';
import { batchOf } from './batch-of.ts';
import { type Options, valuesOf } from './option-values.ts';
import { testContext } from './test-context.ts';

/** What became of one row. */
export type TransformedRow =
  | { readonly outcome: 'records'; readonly records: readonly SourceRecord[] }
  | { readonly outcome: 'filtered' }
  | { readonly outcome: 'rejected'; readonly rejection: Rejection };

/**
 * Runs a transformation over rows as a task would: options as they are written in a feed, rows as a parser gives
 * them, order kept, a thrown error turned into a rejection.
 *
 * @param options dotted keys and their text, without the `transforms.<label>.` before them
 * @throws HeadraceError CONFIG_INVALID when an option is wrong
 */
export async function transformRows<D extends ConfigDefinition>(
  plugin: TransformationPlugin<D>,
  options: Options,
  rows: readonly Readonly<Record<string, string>>[],
): Promise<readonly TransformedRow[]> {
  const context = testContext();
  const use = { key: 'transformRows', name: plugin.name, modulePath: null };
  const values = valuesOf(plugin, options);
  const transformation = await created(use, 'create', ['apply'], () => plugin.create(values, context));
  const parallel = plugin.parallel ?? 1;
  const stage = new TransformationStage({
    plugin: use,
    transformation,
    predicate: null,
    parallel,
    calls: threadCalls(),
  });
  const batch = batchOf(rows);
  try {
    await stage.run(batch);
  } finally {
    await stage.close();
  }
  return rows.map((_, index) => {
    const rejection = batch.rejections.get(index);
    if (rejection !== undefined) return { outcome: 'rejected', rejection };
    if (!batch.isLive(index)) return { outcome: 'filtered' };
    return { outcome: 'records', records: batch.records(index) };
  });
}
