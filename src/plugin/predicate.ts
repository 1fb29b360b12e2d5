import type { ConfigDefinition, ConfigValues } from './config-definition.ts';
import type { DeclaredPlugin } from './declared-plugin.ts';
import type { SoughtField } from './field-use.ts';
import type { SourceRecord } from './source-record.ts';
import type { PluginContext } from './task-context.ts';

/** Says whether a transformation applies to a record (`transforms.X.predicate`, `transforms.X.negate`). */
export interface Predicate {
  /** Called once per record. Must not change it. An error thrown sends the row to the dead-letter queue. */
  test(record: SourceRecord): boolean;
}

export interface PredicatePlugin<D extends ConfigDefinition = ConfigDefinition> extends DeclaredPlugin<D> {
  readonly kind: 'predicate';
  /** The fields that it looks at in its rows, as far as its options tell; `key` is below the predicate's label. */
  seeks?(config: ConfigValues<D>): readonly SoughtField[];
  /** Called once for each task and each transformation that names it, when the task begins, in its thread. */
  create(config: ConfigValues<D>, context: PluginContext): Predicate;
}

export function definePredicate<const D extends ConfigDefinition>(
  plugin: Omit<PredicatePlugin<D>, 'kind'>,
): PredicatePlugin<D> {
  return { kind: 'predicate', ...plugin };
}
