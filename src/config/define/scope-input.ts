import { dottedName } from '../../values/dotted-name.ts';
import type { ConfigOrigin, Place, ResolvedEntries, ResolvedEntry } from '../read/config-entry.ts';
import { wholeOf } from '../read/config-entry.ts';
import { environmentName } from '../read/environment.ts';

/** What a scope is read from. */
export interface ScopeInput {
  /** The scope's entries, its prefix removed. */
  readonly entries: ResolvedEntries;
  /** What was removed: `transforms.route.`, or nothing. */
  readonly prefix: string;
  readonly origin: ConfigOrigin;
  /** The entry that brought the scope about (`transforms.route.type`): the place of what is missing. */
  readonly anchor?: ResolvedEntry | undefined;
  /** Environment variables, for scopes whose keys may be set by them. They win over entries. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** The text of an option's environment variable, when that is where its value comes from. */
export function environmentText(optionName: string, { environment }: ScopeInput): string | undefined {
  return environment?.[environmentName(optionName)];
}

/** ` from the environment variable …`, or nothing: there a message has no line to point at. */
export function environmentNote(optionName: string, input: ScopeInput): string {
  if (environmentText(optionName, input) === undefined) return '';
  return ` from the environment variable ${environmentName(optionName)}`;
}

/** Where an option is set, or where it could be. */
export function optionPlace(optionName: string, input: ScopeInput): Place {
  if (environmentText(optionName, input) !== undefined) return { line: null, column: null, origin: null };
  return input.entries.get(dottedName(optionName)) ?? input.anchor ?? wholeOf(input.origin);
}

/** The folder that an option's relative paths are relative to: the file's, or the process's for its environment. */
export function optionFolder(optionName: string, input: ScopeInput): string {
  if (environmentText(optionName, input) !== undefined) return process.cwd();
  return (input.entries.get(dottedName(optionName))?.origin ?? input.origin).folder;
}
