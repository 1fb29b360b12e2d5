import { unknownKeys } from '../config/check/unknown-keys.ts';
import { parseScope } from '../config/define/scope.ts';
import { entriesOf } from '../config/read/config-entry.ts';
import { resolveEntries } from '../config/read/config-providers.ts';
import { problemLines } from '../config/read/problem.ts';
import { HeadraceError } from '../errors.ts';
import type { ConfigDefinition, Rejection, SourceRecord, TransformationPlugin } from '../plugin/index.ts';
import { threadCalls } from '../plugin-calls/thread-calls.ts';
import { TransformationStage } from '../runtime/stages/transformation-stage.ts';
import { created } from '../runtime/task/created-plugin.ts';
import { batchOf } from './batch-of.ts';
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
  options: Readonly<Record<string, string>>,
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

function valuesOf<D extends ConfigDefinition>(
  plugin: TransformationPlugin<D>,
  options: Readonly<Record<string, string>>,
) {
  const { origin, entries } = entriesOf(options, 'options');
  const resolved = resolveEntries({ origin, entries }, { environment: {}, allowedPaths: [] }).entries;
  const { values, problems, known } = parseScope(plugin.config, { entries: resolved, prefix: '', origin });
  const own = [...(plugin.check?.(values) ?? [])].map(({ key, message }) => `${key}: ${message}`);
  const mistakes = [...problemLines([...problems, ...unknownKeys(resolved, known)]), ...own];
  if (mistakes.length > 0) throw new HeadraceError('CONFIG_INVALID', mistakes.join('\n'));
  return values;
}
