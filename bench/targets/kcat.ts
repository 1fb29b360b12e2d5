import { run } from '../../scripts/stack/run.ts';
import type { Job, Target } from './target.ts';

const COMMON = { transactional: false, loadMs: () => null } as const;

function produce({ cluster, topic }: Pick<Job, 'cluster' | 'topic'>): string[] {
  return ['kcat', '-q', '-P', '-b', cluster.bootstrapServers, '-t', topic];
}

/** The ceiling: raw lines of the same file, nothing parsed, sent by librdkafka. */
export const kcatRaw: Target = {
  ...COMMON,
  name: 'kcat raw lines',
  command: ({ csvPath, ...job }) => [...produce(job), '-l', csvPath],
  expected: ({ lines }) => lines,
};

/** Values that are ready, to the partitions of their keys. */
export const kcatKeyed: Target = {
  ...COMMON,
  name: 'kcat keyed values',
  command: ({ valuesPath, ...job }) => [
    ...produce(job),
    ...['-X', 'partitioner=murmur2_random', '-K', '\t', '-l', valuesPath],
  ],
  expected: ({ rows }) => rows,
};

/** Its first words about itself; null when it is not installed. */
export async function kcatVersion(): Promise<string | null> {
  const { code, stdout } = await run('kcat', ['-V']);
  if (code !== 0) return null;
  const version = /Version (\S+)/.exec(stdout)?.[1] ?? '';
  const librdkafka = /librdkafka (\S+)/.exec(stdout)?.[1] ?? '';
  return `kcat ${version}, librdkafka ${librdkafka}`;
}
