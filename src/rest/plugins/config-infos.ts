import { CONNECTOR_OPTIONS } from '../../config/define/connector-definition.ts';
import type { PluginKind } from '../../loader/built-in.ts';
import type { FeedAnswer } from '../../runtime/plugins/plugin-answers.ts';
import { dottedName } from '../../values/dotted-name.ts';
import type { ConfigMap } from '../config-request.ts';
import { errorText, type OptionsByKey, optionOf } from './config-errors.ts';
import { type ConfigKey, groupedKey, pluginKey } from './config-key.ts';

/** The body of an answer to `PUT /connector-plugins/{type}/config/validate`. */
export interface ConfigInfos {
  readonly name: string;
  readonly error_count: number;
  readonly groups: readonly string[];
  readonly configs: readonly ConfigInfo[];
}

export interface ConfigInfo {
  /** Null of a key that nobody knows. */
  readonly definition: ConfigKey | null;
  readonly value: {
    readonly name: string;
    readonly value: string | null;
    readonly recommended_values: readonly string[];
    readonly errors: readonly string[];
    readonly visible: boolean;
  };
}

const GROUPS = [
  'Common',
  'Transforms',
  'Predicates',
  'Error Handling',
  'Topic Creation',
  'Exactly Once Support',
];

/** The groups of Headrace's own options, by how their keys begin; the first that fits counts. */
const GROUPS_OF_KEYS: readonly (readonly [RegExp, string])[] = [
  [/^transforms$/, 'Transforms'],
  [/^predicates$/, 'Predicates'],
  [/^errors\./, 'Error Handling'],
  [/^topic\.creation\./, 'Topic Creation'],
  [/^(exactly\.once|transaction)\./, 'Exactly Once Support'],
  [/^(key|value)\.converter(\.|$)/, 'Common'],
];

const OWN_KEYS = new Set(Object.keys(CONNECTOR_OPTIONS).map(dottedName));

/** The names of plugins that are installed. */
export type PluginNames = (kind: PluginKind) => readonly string[];

/** Every option that a connector may have, in Kafka Connect's order: a plugin's own last, what is no option behind them. */
export function configInfos(
  config: ConfigMap,
  { problems, options }: Pick<FeedAnswer, 'problems' | 'options'>,
  names: PluginNames,
): ConfigInfos {
  const errors = new Map<string, string[]>();
  for (const problem of problems) {
    const key = problem.key ?? 'connector.class';
    errors.set(key, [...(errors.get(key) ?? []), errorText(problem, config, options)]);
  }
  const keys = connectorKeys(withWrittenKeys(config, options));
  const known = new Set(keys.map(({ name }) => name));
  const info = (name: string, definition: ConfigKey | null): ConfigInfo => ({
    definition,
    value: {
      name,
      value: shownText(config[name], definition, errors.has(name)),
      recommended_values: recommended(name, options, names),
      errors: errors.get(name) ?? [],
      visible: true,
    },
  });
  const strangers = [...errors.keys()].filter((name) => !known.has(name));
  return {
    name: config['connector.class'] ?? '',
    error_count: problems.length,
    groups: [...new Set([...GROUPS, ...keys.flatMap(({ group }) => group ?? [])])],
    configs: [...keys.map((key) => info(key.name, key)), ...strangers.map((name) => info(name, null))],
  };
}

/** Options of a connector, Headrace's own in their groups before those of its plugin. */
export function connectorKeys(options: OptionsByKey): ConfigKey[] {
  const counts = new Map<string, number>();
  const grouped: ConfigKey[] = [];
  const own: ConfigKey[] = [];
  for (const [name, option] of options) {
    const group = groupOf(name);
    if (group === null) own.push(pluginKey(name, option));
    else {
      const order = counts.get(group) ?? (GROUPS.includes(group) ? 1 : 0);
      counts.set(group, order + 1);
      grouped.push(groupedKey(name, option, group, order));
    }
  }
  return [...grouped, ...own];
}

/** Null of an option that is the connector's plugin's. */
function groupOf(key: string): string | null {
  const [, scope, label] = /^(transforms|predicates)\.([^.]+)\./.exec(key) ?? [];
  if (scope !== undefined) return `${scope === 'transforms' ? 'Transforms' : 'Predicates'}: ${label}`;
  const [, group] = GROUPS_OF_KEYS.find(([pattern]) => pattern.test(key)) ?? [];
  return group ?? (OWN_KEYS.has(key) ? 'Common' : null);
}

/** With the keys that are written below an option that may have any there. */
function withWrittenKeys(config: ConfigMap, options: OptionsByKey): OptionsByKey {
  const all = new Map(options);
  for (const key of Object.keys(config)) {
    const option = optionOf(key, options);
    if (option !== null && !all.has(key)) all.set(key, { ...option, format: 'string', default: null });
  }
  return all;
}

/** Of a key that nobody knows nothing is shown: it may be a secret under a name that is misspelt. */
function shownText(text: string | undefined, definition: ConfigKey | null, isWrong: boolean): string | null {
  if (definition === null) return null;
  const { type, default_value: usual } = definition;
  if (text === undefined) return usual;
  if (type === 'PASSWORD') return '[hidden]';
  return isWrong && !['STRING', 'LIST'].includes(type) ? null : text;
}

function recommended(key: string, options: OptionsByKey, names: PluginNames): readonly string[] {
  const { format, default: usual } = options.get(key) ?? {};
  // There is one of each plugin.
  if (key.endsWith('plugin.version') && typeof usual === 'string') return [usual];
  if (format !== undefined && typeof format !== 'string') return format;
  if (/^(key|value)\.converter$/.test(key)) return names('converter');
  const [, scope] = /^(transforms|predicates)\.[^.]+\.type$/.exec(key) ?? [];
  if (scope === undefined) return [];
  return scope === 'predicates' ? names('predicate') : [...names('parser'), ...names('transformation')];
}
