import type { BenchFeed } from './feed.ts';
import { trades } from './reference.ts';

export const gzip: BenchFeed = {
  name: 'gzip',
  doc: 'the reference, read from a .csv.gz (bytes are those of the CSV)',
  table: trades,
  share: 1,
  gzipped: true,
};
