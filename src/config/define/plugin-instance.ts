import type {
  ConfigValues,
  ParserPlugin,
  PredicatePlugin,
  TransformationPlugin,
} from '../../plugin/index.ts';
import type { Plugin } from '../../plugin/plugin.ts';

type Kind = Plugin['kind'];

/** A plugin with the values of its options. */
export interface PluginInstance<P extends Plugin> {
  readonly plugin: P;
  readonly values: ConfigValues<P['config']>;
  /** The file that the plugin came from; null when it is not known. */
  readonly modulePath: string | null;
}

/** The first of `transforms`. */
export interface ParserStage extends PluginInstance<ParserPlugin> {
  readonly label: string;
}

/** A predicate as a transformation uses it. */
export interface PredicateUse {
  readonly label: string;
  /** Applies to the records that do not meet it. */
  readonly negate: boolean;
  readonly instance: PluginInstance<PredicatePlugin>;
}

/** One of `transforms` behind the parser. */
export interface TransformationStage extends PluginInstance<TransformationPlugin> {
  readonly label: string;
  readonly predicate: PredicateUse | null;
}

/** The plugin type of a kind. */
export type PluginOfKind<K extends Kind> = Extract<Plugin, { kind: K }>;

/** Where plugins come from; `src/loader/` has the one for real. */
export interface PluginSource {
  /** Throws PLUGIN_INVALID when there is no such plugin, its module fails to load, or its shape is wrong. */
  load<K extends Kind>(kind: K, name: string): Promise<PluginOfKind<K>>;
  /** The file that a loaded plugin came from; null when this is not where it was loaded. */
  modulePathOf(plugin: object): string | null;
  /** Headrace's own of those that are built in; null of a plugin that tells none. */
  versionOf(plugin: Plugin): string | null;
  /** Calls a function of a plugin that gives its result at once, so that it is known which one when it does not come back. */
  call<T>(plugin: Plugin, how: string, act: () => T): T;
  /** Names that can be told without trying: built-in ones of the kind, and whatever is in `plugin.path`. */
  names(kind: Kind): string[];
}
