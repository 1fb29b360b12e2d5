import { run } from '../../scripts/stack/run.ts';
import { type BenchFeed, compressionOf } from '../feeds/feed.ts';
import type { Job, Target } from './target.ts';

const COMMON = { transactional: false, loadMs: () => null } as const;

/** The ceiling: raw lines of the same file, nothing parsed, sent by librdkafka. */
export function kcatRaw(feed: BenchFeed): Target {
  return {
    ...COMMON,
    name: 'kcat raw lines',
    command: ({ csvPath, ...job }) => [...produce(feed, job), '-l', csvPath],
    expected: ({ lines }) => lines,
  };
}

/** Values that are ready, to the partitions of their keys. */
export function kcatKeyed(feed: BenchFeed): Target {
  return {
    ...COMMON,
    name: 'kcat keyed values',
    command: ({ valuesPath, ...job }) => [
      ...produce(feed, job),
      ...['-X', 'partitioner=murmur2_random', '-K', '\\t', '-l', valuesPath],
    ],
    expected: ({ rows }) => rows,
  };
}

function produce(feed: BenchFeed, { cluster, topic }: Pick<Job, 'cluster' | 'topic'>): string[] {
  const to = ['-b', cluster.bootstrapServers, '-t', topic];
  return ['kcat', '-q', '-P', ...to, '-z', compressionOf(feed)];
}

/** Its first words about itself; null when it is not installed. */
export async function kcatVersion(): Promise<string | null> {
  const { code, stdout } = await run('kcat', ['-V']);
  if (code !== 0) return null;
  const version = /Version (\S+)/.exec(stdout)?.[1] ?? '';
  const librdkafka = /librdkafka (\S+)/.exec(stdout)?.[1] ?? '';
  return `kcat ${version}, librdkafka ${librdkafka}`;
}
