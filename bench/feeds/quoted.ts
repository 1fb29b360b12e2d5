import type { Random } from '../../src/testing/seeded-random.ts';
import { between, oneOf } from '../data/random.ts';
import type { BenchFeed } from './feed.ts';

const DESKS = ['sydney', 'london', 'new york', 'tokyo'];
const PHRASES = [
  'filled at open',
  'client said "go"',
  'see ticket, page 2',
  'partly filled\nrest at close',
  '„Kurs"',
];

function phrases(random: Random, most: number): string {
  return Array.from({ length: between(random, 1, most) }, () => oneOf(random, PHRASES)).join('; ');
}

export const quoted: BenchFeed = {
  name: 'quoted',
  doc: 'text in quotes, with line ends, delimiters and escaped quotes, in two of 5 columns',
  table: {
    name: 'quoted',
    key: 'desk',
    columns: [
      { name: 'order_id', type: 'long', cell: (row) => String(row) },
      { name: 'desk', type: 'string', cell: (_row, random) => oneOf(random, DESKS) },
      { name: 'note', type: 'string', cell: (_row, random) => phrases(random, 3) },
      { name: 'price', type: 'double', cell: (_row, random) => (random() * 200).toFixed(4) },
      { name: 'instruction', type: 'string', cell: (_row, random) => phrases(random, 2) },
    ],
  },
  share: 1 / 2,
};
