import type { BenchFeed } from './feed.ts';
import { trades } from './reference.ts';

export const custom: BenchFeed = {
  name: 'custom',
  doc: "the reference, and one record function of a plugin's own",
  table: trades,
  share: 1,
  transforms: ['sides'],
  settings: { 'transforms.sides.type': 'spell-side' },
};
