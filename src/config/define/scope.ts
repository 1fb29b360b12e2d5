import type { ConfigDefinition, ConfigValues, OptionDefinition } from '../../plugin/index.ts';
import { dottedName } from '../../values/dotted-name.ts';
import { keepOrder, orderToKeep } from '../../values/ordered-row.ts';
import { isUrl } from '../../values/url.ts';
import type { ResolvedEntries } from '../read/config-entry.ts';
import { entriesBelow, problemAt } from '../read/config-entry.ts';
import type { Problem } from '../read/problem.ts';
import { createConvict } from './convict-schema.ts';
import { absolutePath } from './option-path.ts';
import type { ScopeInput } from './scope-input.ts';
import { environmentText, optionFolder, optionPlace } from './scope-input.ts';

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
    problems.push(problemAt(optionPlace(name, input), input.prefix + dottedName(name), message));
  });
  const keysOfOptions = new Set(single.map(([name]) => dottedName(name)));
  for (const [name, option] of options) {
    if (option.format === 'map') values[name] = mapBelow(dottedName(name), input.entries, keysOfOptions);
    const value = values[name];
    if (option.format === 'path' && typeof value === 'string' && value !== '' && !isUrl(value)) {
      values[name] = absolutePath(value, optionFolder(name, input));
    }
  }
  return {
    values: values as ConfigValues<D>,
    problems,
    known: knownKeys(options, input.prefix),
    keyOf: (name) => input.prefix + dottedName(name),
  };
}

function missingOptions(options: [string, OptionDefinition][], input: ScopeInput): Problem[] {
  const problems: Problem[] = [];
  for (const [name, { doc, required }] of options) {
    const text = environmentText(name, input) ?? input.entries.get(dottedName(name))?.text;
    if (!required || (text !== undefined && text.trim() !== '')) continue;
    const message = `is required but ${text === undefined ? 'not set' : 'empty'} (${firstSentence(doc)})`;
    const problem = problemAt(optionPlace(name, input), input.prefix + dottedName(name), message);
    problems.push({ ...problem, code: 'missing-key' });
  }
  return problems;
}

/** Without a prototype, so that no key of a user's can mean anything but itself. */
function mapBelow(
  mapKey: string,
  entries: ResolvedEntries,
  taken: ReadonlySet<string>,
): Record<string, string> {
  const map: Record<string, string> = Object.create(null);
  const names: string[] = [];
  for (const [name, { value }] of entriesBelow(entries, `${mapKey}.`)) {
    if (value !== null && !taken.has(`${mapKey}.${name}`)) {
      map[name] = value;
      names.push(name);
    }
  }
  const order = orderToKeep(names);
  if (order !== null) keepOrder(map, order);
  return map;
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
  return /^.*?(?=\.(\s+[A-Z]|\s*$))/s.exec(doc)?.[0] ?? doc;
}
