import { fileURLToPath } from 'node:url';
import type { Target } from './target.ts';

const SCRIPT = fileURLToPath(new URL('./kafkajs-send.ts', import.meta.url));

/** The floor: kafkajs's own producer, given keys and JSON values that are ready. */
export const kafkajsFloor: Target = {
  name: 'kafkajs send',
  transactional: false,
  command: ({ valuesPath, cluster, topic }) => [
    process.execPath,
    '--no-warnings',
    SCRIPT,
    cluster.bootstrapServers,
    topic,
    valuesPath,
  ],
  loadMs: ({ stdout }) => (JSON.parse(stdout) as { loadMs: number }).loadMs,
  expected: ({ rows }) => rows,
};
