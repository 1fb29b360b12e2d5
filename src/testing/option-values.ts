import { unknownKeys } from '../config/check/unknown-keys.ts';
import { parseScope } from '../config/define/scope.ts';
import { entriesOf } from '../config/read/config-entry.ts';
import { resolveEntries } from '../config/read/config-providers.ts';
import { problemLines } from '../config/read/problem.ts';
import { HeadraceError, messageOf } from '../errors.ts';
import type { ConfigDefinition, ConfigProblem, ConfigValues } from '../plugin/index.ts';

/** Dotted keys and their text, as a feed has them below the plugin's own prefix. */
export type Options = Readonly<Record<string, string>>;

/** A plugin as far as its options go. */
export interface WithOptions<D extends ConfigDefinition> {
  readonly config: D;
  check?(config: ConfigValues<D>): Iterable<ConfigProblem>;
}

/**
 * The values of a plugin's options, defaults and all.
 *
 * @throws HeadraceError CONFIG_INVALID with every mistake, one a line
 */
export function valuesOf<D extends ConfigDefinition>(
  plugin: WithOptions<D>,
  options: Options,
): ConfigValues<D> {
  const { origin, entries } = entriesOf(options, 'options');
  const resolved = resolveEntries({ origin, entries }, { environment: {}, allowedPaths: [] }).entries;
  const { values, problems, known } = parseScope(plugin.config, { entries: resolved, prefix: '', origin });
  // As in a feed: `check` only ever sees values that fit their formats.
  const own = problems.length === 0 ? checked(plugin, values) : [];
  const mistakes = [...problemLines([...problems, ...unknownKeys(resolved, known)]), ...own];
  if (mistakes.length > 0) throw new HeadraceError('CONFIG_INVALID', mistakes.join('\n'));
  return values;
}

function checked<D extends ConfigDefinition>(plugin: WithOptions<D>, values: ConfigValues<D>): string[] {
  try {
    return [...(plugin.check?.(values) ?? [])].map(({ key, message }) => `${key}: ${message}`);
  } catch (error) {
    return [`check threw ${messageOf(error)}; expected the mistakes that it finds`];
  }
}
