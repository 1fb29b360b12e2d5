import { parseScope } from '../../src/config/define/scope.ts';
import { entriesOf, type ResolvedEntry } from '../../src/config/read/config-entry.ts';
import { createPluginLoader } from '../../src/loader/plugin-loader.ts';
import {
  type PredicatePlugin,
  RowError,
  type SourceRecord,
  type TransformationPlugin,
} from '../../src/plugin/index.ts';
import { pluginContext, recordOf } from '../transforms/support.ts';
import { type ConnectCase, DROPPED, REFUSED, REJECTED } from './connect-case.ts';
import { wholeRecord } from './connect-form.ts';
import { comparable } from './our-form.ts';

const PREDICATES: readonly string[] = ['HasHeaderKey', 'RecordIsTombstone', 'TopicNameMatches'];

const loader = createPluginLoader({ pluginPath: [] });

/** The built-in plugin of a class of Connect. */
export function ourPlugin(className: string): Promise<TransformationPlugin | PredicatePlugin> {
  return PREDICATES.includes(className)
    ? loader.load('predicate', className)
    : loader.load('transformation', className);
}

/** What our plugin makes of a case, from the text of its options on. */
export async function askOurs({ class: className, config, record }: ConnectCase): Promise<unknown> {
  const plugin = await ourPlugin(className);
  const { origin, entries } = entriesOf(config, 'case');
  const resolved = new Map<string, ResolvedEntry>();
  for (const [key, entry] of entries) resolved.set(key, { ...entry, value: entry.text });
  const { values, problems, known } = parseScope(plugin.config, { entries: resolved, prefix: '', origin });
  if (problems.length > 0 || Object.keys(config).some((key) => !known.keys.includes(key))) return REFUSED;
  if ([...(plugin.check?.(values) ?? [])].length > 0) return REFUSED;
  const before: SourceRecord = { ...recordOf(null), ...wholeRecord(record) };
  try {
    if (plugin.kind === 'predicate') return plugin.create(values, pluginContext).test(before);
    const transformation = await plugin.create(values, pluginContext);
    const after = (await transformation.apply(before)) as SourceRecord | null;
    if (after === null) return DROPPED;
    const { origin: _, ...parts } = after;
    return comparable(parts);
  } catch (error) {
    if (error instanceof RowError) return REJECTED;
    throw error;
  }
}
