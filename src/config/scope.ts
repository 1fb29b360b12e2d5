import type { ConfigDefinition, ConfigValues, OptionDefinition } from '../plugin/index.ts';
import { dottedName } from '../plugin/index.ts';
import type { ConfigEntry, ConfigOrigin, ResolvedEntries, ResolvedEntry } from './config-entry.ts';
import { problemAt, wholeOf } from './config-entry.ts';
import { createConvict, environmentName } from './convict-schema.ts';
import { absolutePath } from './option-path.ts';
import type { Problem } from './problem.ts';
import { didYouMean } from './suggest.ts';

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
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Keys that a scope allows, whole: those of options, and those that may have any key below them. */
export interface KnownKeys {
  readonly keys: readonly string[];
  readonly maps: readonly string[];
}

export interface ParsedScope<D extends ConfigDefinition> {
  /** Only to be used when there are no problems. */
  readonly values: ConfigValues<D>;
  readonly problems: readonly Problem[];
  readonly known: KnownKeys;
  /** The whole dotted key of an option. */
  keyOf(optionName: string): string;
}

/** Reads the options of one scope. Every mistake is collected; keys that no option has are left to the caller. */
export function parseScope<D extends ConfigDefinition>(definition: D, input: ScopeInput): ParsedScope<D> {
  const options = Object.entries(definition);
  const single = options.filter(([, option]) => option.format !== 'map');
  const problems: Problem[] = missingOptions(single, input);
  const values = createConvict(single, input, (name, message) => {
    problems.push(problemAt(placeOf(dottedName(name), input), input.prefix + dottedName(name), message));
  });
  const keysOfOptions = new Set(single.map(([name]) => dottedName(name)));
  for (const [name, option] of options) {
    if (option.format === 'map')
      values[name] = mapBelow(`${dottedName(name)}.`, input.entries, keysOfOptions);
    if (option.format === 'path') values[name] = absoluteValue(values[name], dottedName(name), input);
  }
  return {
    values: values as ConfigValues<D>,
    problems,
    known: knownKeys(options, input.prefix),
    keyOf: (name) => input.prefix + dottedName(name),
  };
}

/** Problems for the keys that no scope knows, each with the known key it was probably meant to be. */
export function unknownKeys(entries: ReadonlyMap<string, ConfigEntry>, known: KnownKeys): Problem[] {
  const keys = new Set(known.keys);
  const problems: Problem[] = [];
  for (const [key, entry] of entries) {
    if (keys.has(key) || known.maps.some((map) => key.startsWith(`${map}.`) && key.length > map.length + 1))
      continue;
    const message = known.maps.includes(key)
      ? `expected keys below it, ${key}.NAME, got a value`
      : `unknown key${didYouMean(key, [...keys, ...known.maps.map((map) => likeMapKey(map, key))])}`;
    problems.push(problemAt(entry, key, message));
  }
  return problems;
}

/** The given key as if its beginning were the map's: any key below a map is allowed, so only the beginning can err. */
function likeMapKey(map: string, key: string): string {
  return [map, ...key.split('.').slice(map.split('.').length)].join('.');
}

function missingOptions(options: [string, OptionDefinition][], input: ScopeInput): Problem[] {
  const problems: Problem[] = [];
  for (const [name, option] of options) {
    const key = dottedName(name);
    const given = input.environment?.[environmentName(name)] ?? input.entries.get(key)?.text;
    if (option.required && given === undefined) {
      const place = input.anchor ?? wholeOf(input.origin);
      problems.push(
        problemAt(place, input.prefix + key, `is required but not set: ${firstSentence(option.doc)}`),
      );
    } else if (option.required && given?.trim() === '') {
      problems.push(
        problemAt(
          placeOf(key, input),
          input.prefix + key,
          `is required but empty: ${firstSentence(option.doc)}`,
        ),
      );
    }
  }
  return problems;
}

function placeOf(name: string, input: ScopeInput): Place {
  if (isFromEnvironment(name, input)) return { file: null, line: null, column: null };
  return placeOfEntry(input.entries.get(dottedName(name)) ?? input.anchor ?? wholeOf(input.origin));
}

/** Without a prototype, so that no key of a user's can mean anything but itself. */
function mapBelow(
  prefix: string,
  entries: ResolvedEntries,
  taken: ReadonlySet<string>,
): Record<string, string> {
  const map: Record<string, string> = Object.create(null);
  for (const [key, { value }] of entries) {
    if (!key.startsWith(prefix) || key.length === prefix.length || taken.has(key) || value === null) continue;
    map[key.slice(prefix.length)] = value;
  }
  return map;
}

function absoluteValue(value: unknown, key: string, input: ScopeInput): unknown {
  if (typeof value !== 'string' || value === '') return value;
  return absolutePath(value, (input.entries.get(key)?.origin ?? input.origin).folder);
}

function knownKeys(options: [string, OptionDefinition][], prefix: string): KnownKeys {
  const keys: string[] = [];
  const maps: string[] = [];
  for (const [name, option] of options) {
    (option.format === 'map' ? maps : keys).push(prefix + dottedName(name));
  }
  return { keys, maps };
}

function firstSentence(doc: string): string {
  return (/^.*?(?=\.(\s+[A-Z]|\s*$))/s.exec(doc)?.[0] ?? doc).replace(/^[A-Z](?=[a-z])/, (letter) =>
    letter.toLowerCase(),
  );
}
