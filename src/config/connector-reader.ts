import type { ConfigDefinition, ConfigProblem, ConfigValues, OptionDefinition } from '../plugin/index.ts';
import { HeadraceError, messageOf } from '../plugin/index.ts';
import type { Plugin } from '../plugin/plugin.ts';
import { closestName } from '../values/closest-name.ts';
import { versionMistake } from './check/plugin-version.ts';
import type { PluginInstance, PluginOfKind, PluginSource } from './define/plugin-instance.ts';
import type { KnownKeys, ParsedScope } from './define/scope.ts';
import { parseScope } from './define/scope.ts';
import type { ConfigEntry, ConfigOrigin, ResolvedEntries, ResolvedEntry } from './read/config-entry.ts';
import { entriesBelow, problemAt, wholeOf } from './read/config-entry.ts';
import { withoutSecret } from './read/hidden-secrets.ts';
import type { Problem } from './read/problem.ts';

/** Reads the scopes of one feed and gathers what they find: problems, keys that are known, keys that are secret. */
export class ConnectorReader {
  readonly entries: ResolvedEntries;
  readonly origin: ConfigOrigin;
  readonly plugins: PluginSource;
  readonly problems: Problem[] = [];
  readonly sensitiveKeys: string[] = [];
  /** Every option of the scopes that were read, by its key, in their order. */
  readonly options = new Map<string, OptionDefinition>();
  readonly #keys = new Set<string>();
  readonly #maps = new Set<string>();

  constructor(entries: ResolvedEntries, origin: ConfigOrigin, plugins: PluginSource) {
    this.entries = entries;
    this.origin = origin;
    this.plugins = plugins;
  }

  get known(): KnownKeys {
    return { keys: [...this.#keys], maps: [...this.#maps] };
  }

  /** A problem with a key, in its line; in the line of `anchor` when the key is not written. */
  problem(key: string, message: string, anchor?: ConfigEntry): void {
    this.problems.push(problemAt(this.entries.get(key) ?? anchor ?? wholeOf(this.origin), key, message));
  }

  /** Reads options from the entries below `prefix`, or from `entries` where they are not the feed's own. */
  scope<D extends ConfigDefinition>(
    definition: D,
    prefix: string,
    anchor?: ResolvedEntry,
    entries: ResolvedEntries = entriesBelow(this.entries, prefix),
  ): ParsedScope<D> {
    const parsed = parseScope(definition, { entries, prefix, origin: this.origin, anchor });
    this.problems.push(...parsed.problems);
    for (const [name, option] of Object.entries(definition)) {
      this.options.set(parsed.keyOf(name), option);
      if (option.sensitive) this.sensitiveKeys.push(parsed.keyOf(name));
    }
    return parsed;
  }

  /** Allows the keys of a scope. A plugin's key that Headrace or another plugin has there already is a problem. */
  allow({ known }: { known: KnownKeys }, plugin?: Plugin, anchor?: ConfigEntry): void {
    for (const key of [...known.keys, ...known.maps]) {
      if (plugin !== undefined && (this.#keys.has(key) || this.#maps.has(key))) {
        this.problem(
          key,
          `${plugin.name} declares this option, but it is Headrace's own; the plugin must rename it`,
          anchor,
        );
      }
    }
    for (const key of known.keys) this.#keys.add(key);
    for (const map of known.maps) this.#maps.add(map);
  }

  /**
   * Loads a plugin; a problem with `key` when that fails, and then the plugin that was probably meant, so that its options
   * are looked at all the same; null when there is none.
   */
  async load<K extends Plugin['kind']>(kind: K, name: string, key: string): Promise<PluginOfKind<K> | null> {
    try {
      return await this.plugins.load(kind, name);
    } catch (error) {
      if (!(error instanceof HeadraceError)) throw error;
      this.problem(key, error.message);
      const meant = closestName(name, this.plugins.names(kind));
      return meant === null ? null : await this.plugins.load(kind, meant).catch(() => null);
    }
  }

  /**
   * A problem with `key` when the plugin has another version than the feed asks for.
   *
   * @param asked a version or range; null for any
   */
  requireVersion(plugin: Plugin, key: string, asked: string | null): void {
    const version = this.plugins.versionOf(plugin);
    const option = this.options.get(key);
    // Whoever looks at the options is told which one there is.
    if (option !== undefined && version !== null) this.options.set(key, { ...option, default: version });
    const mistake = asked === null ? null : versionMistake(plugin.name, version, asked);
    if (mistake !== null) this.problem(key, mistake);
  }

  /**
   * Reads a plugin's own options and has it check them. Its `check` only ever sees values that fit their formats.
   * `pluginKey` is the key that names the plugin.
   */
  instance<P extends Plugin>(
    plugin: P,
    pluginKey: string,
    prefix: string,
    entries: ResolvedEntries = entriesBelow(this.entries, prefix),
  ): PluginInstance<P> {
    const anchor = this.entries.get(pluginKey);
    const scope = this.scope(plugin.config, prefix, anchor, entries);
    this.allow(scope, plugin, anchor);
    if (scope.problems.length === 0) this.#check(plugin, scope.values, pluginKey, prefix, entries);
    const modulePath = this.plugins.modulePathOf(plugin);
    return { plugin, values: scope.values as ConfigValues<P['config']>, modulePath };
  }

  #check(
    plugin: Plugin,
    values: ConfigValues<ConfigDefinition>,
    pluginKey: string,
    prefix: string,
    entries: ResolvedEntries,
  ): void {
    try {
      for (const { key, message } of this.#found(plugin, values)) {
        const place = placeOfKey(entries, key) ?? this.entries.get(pluginKey) ?? wholeOf(this.origin);
        this.problems.push(problemAt(place, prefix + key, withoutSecrets(message, plugin.config, values)));
      }
    } catch (error) {
      const message = withoutSecrets(messageOf(error), plugin.config, values);
      this.problem(pluginKey, `the plugin ${plugin.name} threw while it checked its options: ${message}`);
    }
  }

  /** All of it: a plugin's `check` may be a generator, which runs as it is read. */
  #found(plugin: Plugin, values: ConfigValues<ConfigDefinition>): readonly ConfigProblem[] {
    return this.plugins.call(plugin, 'check', () => [...(plugin.check?.(values) ?? [])]);
  }
}

/** The entry of a key, or of the nearest key above it that is written. */
function placeOfKey(entries: ResolvedEntries, key: string): ResolvedEntry | undefined {
  for (let end = key.length; end > 0; end = key.lastIndexOf('.', end - 1)) {
    const entry = entries.get(key.slice(0, end));
    if (entry !== undefined) return entry;
  }
  return undefined;
}

/** A plugin may quote a value that it declared sensitive itself. */
function withoutSecrets(
  message: string,
  definition: ConfigDefinition,
  values: ConfigValues<ConfigDefinition>,
): string {
  let shown = message;
  for (const [name, { sensitive }] of Object.entries(definition)) {
    const value: unknown = values[name];
    if (sensitive && typeof value === 'string' && value !== '')
      shown = withoutSecret(shown, value, '[hidden]');
  }
  return shown;
}
