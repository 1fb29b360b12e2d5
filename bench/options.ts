import { parseArgs } from 'node:util';
import { BenchError } from './bench-error.ts';
import type { BenchFeed } from './feeds/feed.ts';
import { FEEDS } from './feeds/index.ts';

export const USAGE = `Usage: npm run bench -- [options]

  --feed NAME       ${FEEDS.map(({ name }) => name).join(', ')}; again for more; all by default
  --rows N          rows of the reference feed, 10000000 by default; others get a share that makes a like file
  --rounds N        how often each loader runs, in turn; 3 by default
  --compare CMD     another loader, with {file}, {bootstrap} and {topic} in its command; again for more
  --profile         one more run of each feed: where the time of the task's thread goes
  --size-check      memory for a small and a large file
  --sizes MB,MB     their sizes, 50,2000 by default
  --write           write bench/results.md
  --help            print this`;

export interface BenchOptions {
  readonly feeds: readonly BenchFeed[];
  readonly rows: number;
  readonly rounds: number;
  readonly compare: readonly string[];
  readonly profile: boolean;
  readonly sizeCheck: boolean;
  /** Megabytes. */
  readonly sizes: readonly number[];
  readonly write: boolean;
  readonly help: boolean;
}

/** @throws BenchError for what it does not understand. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { feed, rows, rounds, sizes, 'size-check': sizeCheck, ...others } = parse(args);
  return {
    ...others,
    sizeCheck,
    feeds: feed.length === 0 ? FEEDS : feed.map(feedNamed),
    rows: positive('--rows', rows),
    rounds: positive('--rounds', rounds),
    sizes: sizes.split(',').map((size) => positive('--sizes', size)),
  };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        feed: { type: 'string', multiple: true, default: [] },
        rows: { type: 'string', default: '10000000' },
        rounds: { type: 'string', default: '3' },
        compare: { type: 'string', multiple: true, default: [] },
        profile: { type: 'boolean', default: false },
        'size-check': { type: 'boolean', default: false },
        sizes: { type: 'string', default: '50,2000' },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    throw new BenchError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function feedNamed(name: string): BenchFeed {
  const feed = FEEDS.find((each) => each.name === name);
  if (feed !== undefined) return feed;
  throw new BenchError(`--feed: expected one of ${FEEDS.map((each) => each.name).join(', ')}, got ${name}`);
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new BenchError(`${option}: expected a whole number above 0, got ${text}`);
}
