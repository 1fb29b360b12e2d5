import type { Plugin } from '../plugin/plugin.ts';
import type { ConnectorConfig } from './connector-config.ts';
import type { PluginInstance } from './define/plugin-instance.ts';

/** What is left of a plugin without its functions. */
interface PluginOutline {
  readonly plugin: { readonly name: string };
  readonly values: Readonly<Record<string, unknown>>;
  readonly modulePath: string | null;
}

interface SourceOutline extends PluginOutline {
  /** It can look out for its tasks while they sleep. */
  readonly canLookOut?: boolean;
}

interface StageOutline extends PluginOutline {
  readonly label: string;
}

type Plugins = 'source' | 'parser' | 'transformations' | 'keyConverter' | 'valueConverter';

/** A feed's configuration without the functions of its plugins. Plain data, so that other threads may have it. */
export interface ConnectorOutline extends Omit<ConnectorConfig, Plugins> {
  readonly source: SourceOutline;
  readonly parser: StageOutline;
  readonly transformations: readonly (StageOutline & {
    readonly predicate: {
      readonly label: string;
      readonly negate: boolean;
      readonly instance: PluginOutline;
    } | null;
  })[];
  readonly keyConverter: PluginOutline;
  readonly valueConverter: PluginOutline;
}

export function outlineOf(config: ConnectorConfig): ConnectorOutline {
  const { source, parser, transformations, keyConverter, valueConverter } = config;
  return {
    ...config,
    source: {
      ...pluginOutline(source),
      canLookOut: source.modulePath === null && source.plugin.lookOut !== undefined,
    },
    parser: { ...pluginOutline(parser), label: parser.label },
    transformations: transformations.map(({ label, predicate, ...stage }) => ({
      ...pluginOutline(stage),
      label,
      predicate: predicate && { ...predicate, instance: pluginOutline(predicate.instance) },
    })),
    keyConverter: pluginOutline(keyConverter),
    valueConverter: pluginOutline(valueConverter),
  };
}

/** The files that a feed's plugins came from; those that come with Headrace are not among them. */
export function pluginPathsOf(outline: ConnectorOutline): readonly string[] {
  const { source, parser, transformations, keyConverter, valueConverter } = outline;
  const predicates = transformations.flatMap(({ predicate }) => predicate?.instance ?? []);
  const all = [source, parser, ...transformations, ...predicates, keyConverter, valueConverter];
  return all.flatMap(({ modulePath }) => modulePath ?? []);
}

function pluginOutline({ plugin: { name }, values, modulePath }: PluginInstance<Plugin>): PluginOutline {
  return { plugin: { name }, values, modulePath };
}
