import { fileURLToPath } from 'node:url';
import { type BenchFeed, compressionOf } from '../feeds/feed.ts';
import type { Target } from './target.ts';

const SCRIPT = fileURLToPath(new URL('./replay-batches.ts', import.meta.url));

/** What this broker takes at most on this machine: record batches that were sealed before, over and over, not even checked. */
export function brokerLimit(feed: BenchFeed): Target {
  return {
    name: 'broker limit',
    transactional: false,
    command: ({ valuesPath, rows, cluster, topic }) => [
      process.execPath,
      '--no-warnings',
      SCRIPT,
      cluster.bootstrapServers,
      topic,
      valuesPath,
      String(rows),
      compressionOf(feed),
    ],
    loadMs: ({ stdout }) => (JSON.parse(stdout) as { loadMs: number }).loadMs,
    expected: () => null,
  };
}
