import { dottedName } from '../../values/dotted-name.ts';
import type { ResolvedEntry } from './config-entry.ts';

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'HEADRACE_';

/** Says which Kafka, so that a worker needs no file. */
export const BROKERS_VARIABLE = environmentName('bootstrapServers');

/** The environment variable of a worker's option: `HEADRACE_BOOTSTRAP_SERVERS`. */
export function environmentName(optionName: string): string {
  return `${PREFIX}${dottedName(optionName).replaceAll('.', '_').toUpperCase()}`;
}

/** The key that a variable of its name would set: `bootstrap.servers`. */
export function keyOfVariable(name: string): string {
  return name.slice(PREFIX.length).replaceAll('_', '.').toLowerCase();
}

/** The variables that set options of a worker. One that is set to nothing sets nothing, as if it were not there. */
export function workerVariables(environment: Environment): Record<string, string> {
  const set: Record<string, string> = {};
  for (const [name, text = ''] of Object.entries(environment)) {
    if (name.startsWith(PREFIX) && text !== '') set[name] = text;
  }
  return set;
}

/** Whether the environment says which Kafka. */
export function namesBrokers(environment: Environment): boolean {
  return BROKERS_VARIABLE in workerVariables(environment);
}

/** The options that variables set below a key: `HEADRACE_VALUE_CONVERTER_SCHEMAS_ENABLE` below `value.converter`. */
export function variablesBelow(key: string, environment: Environment): Map<string, ResolvedEntry> {
  const below = new Map<string, ResolvedEntry>();
  const prefix = environmentName(`${key}.`);
  for (const [name, value] of Object.entries(workerVariables(environment))) {
    if (!name.startsWith(prefix) || name === prefix) continue;
    const option = keyOfVariable(name).slice(key.length + 1);
    const origin = { source: `the environment variable ${name}`, folder: process.cwd() };
    below.set(option, { text: value, value, line: null, column: null, origin });
  }
  return below;
}
