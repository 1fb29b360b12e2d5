import type { BenchFeed } from './feed.ts';
import { trades } from './reference.ts';

export const lz4: BenchFeed = {
  name: 'lz4',
  doc: 'the reference, sent with lz4',
  table: trades,
  share: 1,
  settings: { 'producer.override.compression.type': 'lz4' },
};
