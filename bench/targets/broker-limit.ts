import { type BenchFeed, compressionOf } from '../feeds/feed.ts';
import { ownScript } from './own-script.ts';
import type { Target } from './target.ts';

/**
 * What this broker takes at most on this machine: record batches that were sealed before, over and over, not even checked.
 * Its CPU time is that of sending alone.
 */
export function brokerLimit(feed: BenchFeed): Target {
  return {
    ...ownScript('./replay-batches.ts', ({ rows }) => [String(rows), compressionOf(feed)]),
    name: 'broker limit',
    cpuMs: ({ stdout }) => (JSON.parse(stdout) as { cpuMs: number }).cpuMs,
    transactional: false,
    expected: () => null,
  };
}
