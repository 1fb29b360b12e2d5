import { resolve } from 'node:path';
import type { Problem } from './problem.ts';

/** Where configuration was written. */
export interface ConfigOrigin {
  /** The file as the user named it, or a word for what is not a file: `REST`, `command line`. */
  readonly source: string;
  /** Relative paths are relative to this folder; absolute. */
  readonly folder: string;
}

/** One key of a flat configuration. Plain data, so that it crosses into a task's thread. */
export interface ConfigEntry {
  /** The value as written, before config providers. */
  readonly text: string;
  /** 1 is the first; null where there are no lines. */
  readonly line: number | null;
  readonly column: number | null;
  readonly origin: ConfigOrigin;
}

/** Where a problem is. */
export interface Place {
  readonly line: number | null;
  readonly column: number | null;
  /** null when it is in no configuration: an environment variable. */
  readonly origin: ConfigOrigin | null;
}

/** A flat configuration: dotted keys in the order they were written. */
export interface ConfigEntries {
  readonly origin: ConfigOrigin;
  readonly entries: ReadonlyMap<string, ConfigEntry>;
  /** What stores of secrets gave, by the reference that asks for it. */
  readonly given?: ReadonlyMap<string, Given>;
}

/** A value that was asked for elsewhere, or why there is none. */
export type Given = { readonly value: string } | { readonly mistake: string };

/** An entry after config providers. */
export interface ResolvedEntry extends ConfigEntry {
  /** null when a provider failed: that problem is reported, and there is no value to find more with. */
  readonly value: string | null;
}

export type ResolvedEntries = ReadonlyMap<string, ResolvedEntry>;

/** Entries that do not come from a file. `folder` is what relative paths are relative to. */
export function entriesOf(
  map: Readonly<Record<string, string>>,
  source: string,
  folder: string = process.cwd(),
): ConfigEntries {
  const origin = { source, folder: resolve(folder) };
  const entries = new Map<string, ConfigEntry>();
  for (const [key, text] of Object.entries(map)) {
    entries.set(key, { text, line: null, column: null, origin });
  }
  return { origin, entries };
}

/** Those of a connector that is in no file; paths in it are relative to the worker's working directory. */
export function storedEntries(properties: Readonly<Record<string, string>>): ConfigEntries {
  return entriesOf(properties, 'config');
}

/** The entries below a prefix, without it. */
export function entriesBelow(entries: ResolvedEntries, prefix: string): ResolvedEntries {
  const below = new Map<string, ResolvedEntry>();
  for (const [key, entry] of entries) {
    if (key.startsWith(prefix) && key.length > prefix.length) below.set(key.slice(prefix.length), entry);
  }
  return below;
}

/** A problem with a key, at the place where it is written. */
export function problemAt(place: Place, key: string | null, message: string): Problem {
  return { file: place.origin?.source ?? null, line: place.line, column: place.column, key, message };
}

/** A place for what is not written anywhere: the configuration as a whole. */
export function wholeOf(origin: ConfigOrigin): Place {
  return { line: null, column: null, origin };
}
