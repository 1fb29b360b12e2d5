import { run } from '../../scripts/stack/run.ts';
import type { Target } from './target.ts';

/** The ceiling: raw lines of the same file, nothing parsed, sent by librdkafka. */
export const kcatCeiling: Target = {
  name: 'kcat -P -l',
  transactional: false,
  command: ({ csvPath, cluster, topic }) => [
    ...['kcat', '-q', '-P', '-b', cluster.bootstrapServers],
    ...['-t', topic, '-l', csvPath],
  ],
  loadMs: () => null,
  expected: ({ lines }) => lines,
};

/** Its first words about itself; null when it is not installed. */
export async function kcatVersion(): Promise<string | null> {
  const { code, stdout } = await run('kcat', ['-V']);
  if (code !== 0) return null;
  const version = /Version (\S+)/.exec(stdout)?.[1] ?? '';
  const librdkafka = /librdkafka (\S+)/.exec(stdout)?.[1] ?? '';
  return `kcat ${version}, librdkafka ${librdkafka}`;
}
