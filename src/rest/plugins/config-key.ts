import type { OptionDefinition } from '../../plugin/index.ts';

/** How an option is told of, in Kafka Connect's form. */
export interface ConfigKey {
  readonly name: string;
  readonly type: 'STRING' | 'INT' | 'LONG' | 'DOUBLE' | 'BOOLEAN' | 'LIST' | 'CLASS' | 'PASSWORD';
  readonly required: boolean;
  readonly default_value: string | null;
  readonly importance: 'HIGH' | 'MEDIUM';
  readonly documentation: string;
  /** Null of a plugin's own. */
  readonly group: string | null;
  /** -1 of a plugin's own. */
  readonly order_in_group: number;
  readonly width: 'NONE' | 'SHORT' | 'MEDIUM' | 'LONG';
  readonly display_name: string;
  readonly dependents: readonly string[];
}

/** The options that name a plugin, beside `connector.class`, which is text in Kafka Connect. */
const CLASS = /^((key|value)\.converter|(transforms|predicates)\.[^.]+\.type)$/;

/** Kafka Connect's integers have 32 bits. */
const LONG = /\.(ms|bytes)$/;

/** An option of a plugin alone. */
export function pluginKey(name: string, option: OptionDefinition): ConfigKey {
  return configKey(name, option, { group: null, order: -1, title: name });
}

/** An option at its place among those of a connector. */
export function groupedKey(name: string, option: OptionDefinition, group: string, order: number): ConfigKey {
  const words = name
    .replace(/^(transforms|predicates)\.[^.]+\./, '')
    .split('.')
    .join(' ');
  return configKey(name, option, { group, order, title: words.charAt(0).toUpperCase() + words.slice(1) });
}

interface ConfigPlace {
  readonly group: string | null;
  readonly order: number;
  readonly title: string;
}

function configKey(name: string, option: OptionDefinition, { group, order, title }: ConfigPlace): ConfigKey {
  const type = typeOf(name, option);
  return {
    name,
    type,
    required: option.required ?? false,
    default_value: textOf(option.default),
    importance: option.required ? 'HIGH' : 'MEDIUM',
    documentation: option.doc,
    group,
    order_in_group: order,
    width: group === null ? 'NONE' : (WIDTHS[type] ?? 'SHORT'),
    display_name: title,
    dependents: [],
  };
}

const WIDTHS: Partial<Record<ConfigKey['type'], ConfigKey['width']>> = {
  STRING: 'MEDIUM',
  PASSWORD: 'MEDIUM',
  LIST: 'LONG',
  CLASS: 'LONG',
};

function typeOf(name: string, { format, sensitive }: OptionDefinition): ConfigKey['type'] {
  if (sensitive) return 'PASSWORD';
  if (CLASS.test(name)) return 'CLASS';
  if (format === 'nat' || format === 'int') return LONG.test(name) ? 'LONG' : 'INT';
  if (format === 'number') return 'DOUBLE';
  if (format === 'boolean') return 'BOOLEAN';
  return format === 'list' ? 'LIST' : 'STRING';
}

/** A default as a configuration would have it. */
function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'object' ? null : String(value);
}
