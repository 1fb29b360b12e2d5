import { exactNumber } from '../values/exact-json.ts';
import { invalidConfigMessage } from './plugins/config-errors.ts';
import { RestError } from './rest-error.ts';

/** A flat configuration in the order of its request; without a prototype, so that no key means anything but itself. */
export type ConfigMap = Readonly<Record<string, string>>;

/** A JSON object that was sent, its numbers as they were written. */
type Sent = Readonly<Record<string, unknown>>;

const STATES = ['RUNNING', 'PAUSED', 'STOPPED'] as const;

export type InitialState = (typeof STATES)[number];

/** `POST /connectors`. */
export interface CreateRequest {
  /** Without spaces around it; empty when there was none. */
  readonly name: string;
  /** With the name in it. */
  readonly config: ConfigMap;
  /** Null when the request leaves it open. */
  readonly initialState: InitialState | null;
}

/**
 * What `POST /connectors` was sent.
 *
 * @throws RestError 400
 */
export function createRequest(body: Sent): CreateRequest {
  for (const key of Object.keys(body)) {
    if (['name', 'config', 'initial_state'].includes(key)) continue;
    const mend = 'options of the connector go into config';
    throw new RestError(400, `expected name, config and initial_state in the body, got ${key}; ${mend}`);
  }
  const { name: given = null, config = null, initial_state: state = null } = body;
  const name = given === null ? '' : textOf(given, 'name').trim();
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    const got = config === null ? 'none' : titleOf(config);
    throw new RestError(400, `expected config in the body, an object of the connector's options; got ${got}`);
  }
  return { name, config: namedConfig(config as Sent, name), initialState: initialStateOf(state) };
}

/**
 * A configuration that was sent for a connector of this name, which is put into it.
 *
 * @throws RestError 400, also when it has another name itself
 */
export function namedConfig(sent: Sent, name: string): ConfigMap {
  const config = configMap(sent);
  const own = config.name ?? name;
  if (own !== name) {
    const message = `Connector name configuration (${own}) doesn't match connector name in the URL (${name})`;
    throw new RestError(400, message);
  }
  return mapOf([...Object.entries(config), ['name', name]]);
}

/**
 * A configuration that was sent: numbers, true and false become text as they were written.
 *
 * @throws RestError 400
 */
export function configMap(sent: Sent): ConfigMap {
  if (Object.values(sent).includes(null)) {
    const message = 'Null value can not be supplied as the configuration value.';
    throw new RestError(400, invalidConfigMessage([message]));
  }
  return mapOf(Object.entries(sent).map(([key, value]): [string, string] => [key, textOf(value, key)]));
}

/**
 * A configuration with the changes that were sent: null takes a key away.
 *
 * @throws RestError 400
 */
export function patchedConfig(before: ConfigMap, sent: Sent): ConfigMap {
  const patched = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(sent)) {
    if (value === null) patched.delete(key);
    else patched.set(key, textOf(value, key));
  }
  return mapOf(patched);
}

function textOf(value: unknown, key: string): string {
  const text = typeof value === 'string' || typeof value === 'boolean' ? String(value) : exactNumber(value);
  if (text !== null) return text;
  const mend = 'nested options are written with dots, such as "transforms.parse.type"';
  throw new RestError(400, `${key}: expected text, a number, true or false, got ${titleOf(value)}; ${mend}`);
}

function initialStateOf(value: unknown): InitialState | null {
  if (value === null) return null;
  const text = textOf(value, 'initial_state');
  const state = STATES.find((name) => name === text.toUpperCase());
  if (state !== undefined) return state;
  throw new RestError(
    400,
    `initial_state: expected one of ${STATES.join(', ')}, got ${JSON.stringify(text)}`,
  );
}

/** In words that do not show it. */
function titleOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function mapOf(members: Iterable<readonly [string, string]>): ConfigMap {
  const map: Record<string, string> = Object.create(null);
  for (const [key, text] of members) map[key] = text;
  return map;
}
