import type { ConfigDefinition, ConfigProblem, ConfigValues } from './config-definition.ts';

/** What plugins of all kinds declare. */
export interface DeclaredPlugin<D extends ConfigDefinition = ConfigDefinition> {
  /** What messages and dead letters call it; no other plugin of its kind may have it. Feeds name a plugin by its file. */
  readonly name: string;
  /** Which `plugin.version` of a feed may ask for: `1.2.0`. */
  readonly version?: string;
  /**
   * The versions of this contract that it was written for, checked when it is loaded: `[1.0,2.0)` is 1.0 and whatever is added
   * to it, of which `CONTRACT_VERSION` tells. A plugin without it is taken as it is.
   */
  readonly contract?: string;
  readonly doc: string;
  readonly config: D;
  /**
   * Finds mistakes that a format cannot. Called whenever a feed is read, also by `validate` and editors, and so in no task:
   * it must touch nothing outside.
   */
  check?(config: ConfigValues<D>): Iterable<ConfigProblem>;
}
