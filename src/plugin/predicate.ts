import type { ConfigDefinition, ConfigProblem, ConfigValues } from './config-definition.ts';
import type { SourceRecord } from './source-record.ts';
import type { PluginContext } from './task-context.ts';

/** Says whether a transformation applies to a record (`transforms.X.predicate`, `transforms.X.negate`). */
export interface Predicate {
  /** Called once per record. Must not change it. An error thrown sends the row to the dead-letter queue. */
  test(record: SourceRecord): boolean;
}

export interface PredicatePlugin<D extends ConfigDefinition = ConfigDefinition> {
  readonly kind: 'predicate';
  readonly name: string;
  /** Which `plugin.version` of a feed may ask for: `1.2.0`. */
  readonly version?: string;
  readonly doc: string;
  readonly config: D;
  /** Finds mistakes that a format cannot. Must touch nothing outside. */
  check?(config: ConfigValues<D>): Iterable<ConfigProblem>;
  create(config: ConfigValues<D>, context: PluginContext): Predicate;
}

export function definePredicate<const D extends ConfigDefinition>(
  plugin: Omit<PredicatePlugin<D>, 'kind'>,
): PredicatePlugin<D> {
  return { kind: 'predicate', ...plugin };
}
