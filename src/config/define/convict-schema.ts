import convict from 'convict';
import type { OptionDefinition } from '../../plugin/index.ts';
import { didYouMean } from '../../values/closest-name.ts';
import { dottedName } from '../../values/dotted-name.ts';
import { environmentName } from '../read/environment.ts';
import { expectationOf, OPTION_FORMATS } from './option-format.ts';
import type { ScopeInput } from './scope-input.ts';
import { environmentNote, environmentText } from './scope-input.ts';

type Report = (optionName: string, message: string) => void;

// convict's own formats read "12abc" as 12 and any word as true, so every format is ours, under a name of its own.
for (const [name, { read }] of Object.entries(OPTION_FORMATS)) {
  convict.addFormat({ name: formatName(name), validate: reportMistake, coerce: read });
}
convict.addFormat({ name: formatName('choice'), validate: reportMistake, coerce: (text: string) => text });

/** Has convict read a scope's options; mistakes go to `report`, all of them. */
export function createConvict(
  options: readonly [string, OptionDefinition][],
  input: ScopeInput,
  report: Report,
): Record<string, unknown> {
  const schema: Record<string, convict.SchemaObj> = {};
  const given: Record<string, string> = {};
  for (const [name, option] of options) {
    schema[name] = schemaOf(name, option, input, report);
    const value = input.entries.get(dottedName(name))?.value;
    if (typeof value === 'string') given[name] = value;
  }
  // Not the arguments of the process: convict would read them itself.
  const config = convict<Record<string, unknown>>(schema, { env: { ...input.environment }, args: [] });
  config.load(given);
  config.validate({ allowed: 'strict' });
  return config.getProperties();
}

function schemaOf(
  name: string,
  option: OptionDefinition,
  input: ScopeInput,
  report: Report,
): convict.SchemaObj {
  const { format, doc, sensitive } = option;
  return {
    doc,
    format: formatName(typeof format === 'string' ? format : 'choice') as convict.PredefinedFormat,
    default: option.default ?? (format === 'list' ? [] : null),
    nullable: true,
    ...(sensitive && { sensitive }),
    ...(input.environment && { env: environmentName(name) }),
    // convict throws all mistakes as one text; this gets them out one by one.
    mistake: (value: unknown) => {
      const expected = expectationOf(option, value);
      if (expected === null) return;
      report(name, `expected ${expected}, got ${shown(value, name, option, input)}${meant(option, value)}`);
    },
  };
}

function reportMistake(value: unknown, schema: convict.SchemaObj): void {
  (schema.mistake as (value: unknown) => void)(value);
}

/** What was written, for a message; not what a config provider gave, since that may be a secret whatever the option is. */
function shown(value: unknown, name: string, option: OptionDefinition, input: ScopeInput): string {
  const note = environmentNote(name, input);
  if (option.sensitive) return `[hidden]${note}`;
  if (note !== '') return JSON.stringify(environmentText(name, input)) + note;
  const entry = input.entries.get(dottedName(name));
  if (entry === undefined) return `the default ${JSON.stringify(value)}`;
  return entry.text === entry.value ? JSON.stringify(entry.text) : `the value of ${entry.text}`;
}

function meant(option: OptionDefinition, value: unknown): string {
  const isWord = typeof option.format !== 'string' && typeof value === 'string' && !option.sensitive;
  return isWord ? didYouMean(value, option.format) : '';
}

function formatName(format: string): string {
  return `headrace-${format}`;
}
