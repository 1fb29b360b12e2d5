import { parseArgs } from 'node:util';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { FAULTS } from '../../test/chaos/faults/index.ts';
import type { Fault, Protocol } from '../../test/chaos/ground.ts';
import { between } from '../../test/chaos/random.ts';

export interface ChaosOptions {
  readonly faults: readonly Fault[];
  readonly seed: number;
  /** So many faults are drawn at random, each with a seed of its own; null: each is played once. */
  readonly rounds: number | null;
  readonly rows: number;
  /** How often a fault is played; null: as often as it says itself. */
  readonly times: number | null;
  /** How long a fault goes on that has no end of its own; null: as long as it says itself. */
  readonly minutes: number | null;
  /** null: as many as a fault says it needs. */
  readonly brokers: 1 | 3 | null;
  /** How the cluster speaks of transactions: as since KIP-890, or as before. */
  readonly protocol: Protocol;
  /** Run `dist` instead of the sources. */
  readonly built: boolean;
}

export const USAGE = `Usage: npm run chaos -- [--fault NAME]... [--rounds N] [--seed S] [--rows N] [--kills N] [--minutes N] [--brokers 1|3] [--protocol TV2|old] [--sources] [--list]

Plays faults on the real daemon and real brokers, and compares every record in Kafka with the files.
  --fault NAME  only this one; may be given several times. Without it, all but those that take minutes
  --rounds N    plays N of them, drawn at random, each with a seed of its own
  --seed S      replays the choices of an earlier run
  --rows N      rows of a load that is as large as one likes (default 200000)
  --kills N     how often the fault is played (random-folder: steps)
  --minutes N   how long the fault goes on (cluster)
  --brokers N   on one broker or on three
  --protocol P  the cluster speaks of transactions as since KIP-890 (TV2, the default) or as before (old)
  --sources     run src/ instead of dist/
  --list        tell the names`;

/** null when the names are wanted. Throws an Error that says what is wrong. */
export function readOptions(args: string[]): ChaosOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      fault: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      rounds: { type: 'string' },
      rows: { type: 'string', default: '200000' },
      kills: { type: 'string' },
      minutes: { type: 'string' },
      steps: { type: 'string' },
      brokers: { type: 'string' },
      protocol: { type: 'string', default: 'TV2' },
      sources: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  if (values.list) return null;
  const times = values.kills ?? values.steps;
  const isBrokers = values.brokers === undefined || values.brokers === '1' || values.brokers === '3';
  if (!isBrokers) throw new Error(`--brokers must be 1 or 3, got ${values.brokers}`);
  const { protocol } = values;
  if (protocol !== 'TV2' && protocol !== 'old')
    throw new Error(`--protocol must be TV2 or old, got ${protocol}`);
  return {
    faults: faultsOf(values.fault, protocol),
    seed: count('seed', values.seed, 0),
    rounds: values.rounds === undefined ? null : count('rounds', values.rounds, 1),
    rows: count('rows', values.rows, 1),
    times: times === undefined ? null : count('kills', times, 1),
    minutes: values.minutes === undefined ? null : count('minutes', values.minutes, 1),
    brokers: values.brokers === undefined ? null : values.brokers === '1' ? 1 : 3,
    protocol,
    built: !values.sources,
  };
}

/** What is played: the faults once each, or as many rounds as are wanted. */
export function roundsOf({ faults, rounds, seed }: ChaosOptions): { fault: Fault; seed: number }[] {
  if (rounds === null) return faults.map((fault) => ({ fault, seed }));
  const random = seededRandom(seed);
  return Array.from({ length: rounds }, () => ({
    fault: faults[Math.floor(between(random, 0, faults.length))] as Fault,
    seed: Math.floor(between(random, 0, 1_000_000)),
  }));
}

/** The command that plays one fault once more. */
export function commandOf({ name }: Fault, options: ChaosOptions): string {
  const { seed, rows, times, minutes, brokers, protocol, built } = options;
  const parts = [`--fault ${name} --seed ${seed} --rows ${rows}`];
  if (times !== null) parts.push(`--kills ${times}`);
  if (minutes !== null) parts.push(`--minutes ${minutes}`);
  if (brokers !== null) parts.push(`--brokers ${brokers}`);
  if (protocol === 'old') parts.push('--protocol old');
  if (!built) parts.push('--sources');
  return `npm run chaos -- ${parts.join(' ')}`;
}

/** The names of the faults and what they do. */
export function listOf(faults: readonly Fault[]): string {
  const width = Math.max(...faults.map(({ name }) => name.length)) + 2;
  return faults.map(({ name, doc }) => `${name.padEnd(width)}${doc}\n`).join('');
}

function faultsOf(names: readonly string[], protocol: Protocol): readonly Fault[] {
  const isPlayed = (fault: Fault) => fault.protocol === undefined || fault.protocol === protocol;
  if (names.length === 0) return FAULTS.filter((fault) => !fault.long && isPlayed(fault));
  return names.map((name) => {
    const fault = FAULTS.find((each) => each.name === name);
    if (fault === undefined) throw new Error(`--fault ${name} is not known; --list tells the names`);
    if (!isPlayed(fault)) throw new Error(`--fault ${name} wants --protocol ${fault.protocol}`);
    return fault;
  });
}

function count(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`--${option} must be a whole number of at least ${least}, got ${text}`);
}
