import type {
  ConfigDefinition,
  ConfigValues,
  PluginContext,
  Predicate,
  Rejection,
  SourceRecord,
  TransformationPlugin,
} from '../plugin/index.ts';
import { threadCalls } from '../plugin-calls/thread-calls.ts';
import type { RowBatch } from '../rows/index.ts';
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
  const stage = await stageOf(plugin, valuesOf(plugin, options));
  const batch = batchOf(rows);
  try {
    await stage.run(batch);
  } finally {
    await stage.close();
  }
  return outcomesOf(batch);
}

export interface StageOptions {
  readonly context?: PluginContext;
  /** How many records may be in an asynchronous `apply` at once; as the plugin says when it is not given. */
  readonly parallel?: number;
  readonly predicate?: Predicate;
}

/** A transformation as a task has it. */
export async function stageOf<D extends ConfigDefinition>(
  plugin: TransformationPlugin<D>,
  values: ConfigValues<D>,
  { context = testContext(), parallel = plugin.parallel ?? 1, predicate }: StageOptions = {},
): Promise<TransformationStage> {
  const use = { key: 'transformRows', name: plugin.name, modulePath: null };
  const transformation = await created(use, 'create', ['apply'], () => plugin.create(values, context));
  return new TransformationStage({
    plugin: use,
    transformation,
    predicate: predicate === undefined ? null : { plugin: use, test: predicate, negate: false },
    parallel,
    calls: threadCalls(),
  });
}

/** What became of the rows of a batch. */
export function outcomesOf(batch: RowBatch): TransformedRow[] {
  return Array.from({ length: batch.rowCount }, (_, index) => {
    const rejection = batch.rejections.get(index);
    if (rejection !== undefined) return { outcome: 'rejected', rejection };
    if (!batch.isLive(index)) return { outcome: 'filtered' };
    return { outcome: 'records', records: batch.records(index) };
  });
}
