/**
 * Options of a plugin, declared once: documentation, format, default and check in one place, the type inferred.
 *
 * Names are camelCase here and dotted in files: `settleMs` is `settle.ms`. Formats are convict's
 * (https://github.com/mozilla/node-convict), kept to those below so that each has one spelling in a file.
 */

/** What an option may hold, and the type a plugin gets. */
export interface OptionFormats {
  string: string;
  /** A whole number, zero or more. */
  nat: number;
  /** A whole number. */
  int: number;
  number: number;
  boolean: boolean;
  /** Comma-separated in a file; white space around the commas is not part of an item. */
  list: readonly string[];
  /** A path; a relative one is relative to the file it is written in, and arrives here absolute. A URL arrives as it is. */
  path: string;
  url: string;
  /** Every key below this one, without the prefix: `fields.price: double` arrives as `price` → `double`. */
  map: Readonly<Record<string, string>>;
}

export interface OptionDefinition {
  /** One or two sentences for `headrace plugins` and the docs: what it does, its unit, when to change it. */
  readonly doc: string;
  /** A format's name, or the list of the values allowed. */
  readonly format: keyof OptionFormats | readonly string[];
  /** The value when the option is not set; null for "nothing". */
  readonly default?: unknown;
  /** An option without a default that must be set. */
  readonly required?: true;
  /** Shown as `[hidden]` wherever configuration is shown. */
  readonly sensitive?: true;
}

export type ConfigDefinition = Readonly<Record<string, OptionDefinition>>;

type ValueOf<O extends OptionDefinition> = O['format'] extends keyof OptionFormats
  ? OptionFormats[O['format']]
  : O['format'] extends readonly (infer V extends string)[]
    ? V
    : never;

type OrNull<O extends OptionDefinition> = O extends { default: null } ? null : never;

/** The values of a definition, as `create` gets them. */
export type ConfigValues<D extends ConfigDefinition> = {
  readonly [K in keyof D]: ValueOf<D[K]> | OrNull<D[K]>;
};

/** Something wrong with a value, found by a plugin's own `check`. */
export interface ConfigProblem {
  /** The option, in the dotted spelling below the plugin's own prefix: `fields.price.optional`. */
  readonly key: string;
  /** What was expected, what came and how to mend it, in one sentence. */
  readonly message: string;
}

/** Declares options; only there so that the types are inferred and checked. */
export function defineConfig<const D extends ConfigDefinition>(definition: D): D {
  return definition;
}
