import { inspect, isDeepStrictEqual } from 'node:util';
import { messageOf } from '../../errors.ts';
import { cutText } from '../../values/shown.ts';

/** One thing that every plugin of a kind must do, for a runner of tests to name and run. */
export interface ConformanceCase {
  readonly name: string;
  /** @throws Error whose message is one line: the plugin, the case, what was expected and what came */
  readonly run: () => Promise<void>;
}

/** What the cases of all batteries can be told. */
export interface BatteryOptions {
  /** Decides what is left to chance. The message of a case that failed tells the one it had. */
  readonly seed?: number;
  /** How long the plugin may take over any one thing, in milliseconds. */
  readonly deadlineMs?: number;
}

const MOST_SHOWN = 400;

/** Cases by their names, each of which says in its error whose it is. */
export function conformanceCases(
  plugin: string,
  checks: Readonly<Record<string, () => unknown>>,
): readonly ConformanceCase[] {
  return Object.entries(checks).map(([name, check]) => ({
    name,
    run: async () => {
      try {
        await check();
      } catch (error) {
        const message = messageOf(error).replaceAll(/\s*\n\s*/g, '; ');
        throw new Error(`${plugin}: ${name}: ${message}`, { cause: error });
      }
    },
  }));
}

/** Something that is not as it must be, and no error of the plugin's own. */
export class Unmet extends Error {}

/** @throws Unmet that says where and how what came differs from what was expected */
export function expectSame(what: string, expected: unknown, got: unknown): void {
  const difference = differenceOf(copyOf(expected), copyOf(got), '');
  if (difference === null) return;
  const { path, wanted, came } = difference;
  throw new Unmet(`${what}${path && ` at ${path}`}: expected ${shownData(wanted)}, got ${shownData(came)}`);
}

interface Difference {
  /** `records[0].value.price`; empty for the whole. */
  readonly path: string;
  readonly wanted: unknown;
  readonly came: unknown;
}

/** The smallest part in which all of the difference lies; null where there is none. */
function differenceOf(wanted: unknown, came: unknown, path: string): Difference | null {
  if (isDeepStrictEqual(wanted, came)) return null;
  const whole = { path, wanted, came };
  if (!hasParts(wanted) || !hasParts(came) || Array.isArray(wanted) !== Array.isArray(came)) return whole;
  const names = new Set([...Object.keys(wanted), ...Object.keys(came)]);
  const [one, another] = [...names].filter((name) => !isDeepStrictEqual(wanted[name], came[name]));
  if (one === undefined || another !== undefined) return whole;
  const step = Array.isArray(wanted) ? `[${one}]` : `${path && '.'}${one}`;
  return differenceOf(wanted[one], came[one], path + step);
}

type Parts = Readonly<Record<string, unknown>>;

function hasParts(value: unknown): value is Parts {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
}

/** @throws Unmet with the message, when it does not hold */
export function expectThat(holds: boolean, message: () => string): asserts holds {
  if (!holds) throw new Unmet(message());
}

/** Data as it is now, whatever becomes of it. What is more than data cannot be copied, and stays itself. */
export function copyOf<T>(value: T): T {
  // A clone of a view copies all of the memory that it is a view of.
  if (value instanceof Uint8Array) return Uint8Array.from(value) as T;
  try {
    return structuredClone(value);
  } catch {
    return value;
  }
}

/** A value on one line. */
export function shownData(value: unknown): string {
  if (value === undefined) return 'nothing';
  const shown = value instanceof Uint8Array ? textOrHex(value) : value;
  const options = { breakLength: Number.POSITIVE_INFINITY, compact: true, depth: 6, maxStringLength: 200 };
  return cutText(inspect(shown, options), MOST_SHOWN);
}

function textOrHex(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes).toString();
  return Buffer.from(text).equals(bytes) ? text : Buffer.from(bytes);
}
