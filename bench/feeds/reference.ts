import { between, oneOf } from '../data/random.ts';
import type { Table } from '../data/table.ts';
import type { BenchFeed } from './feed.ts';

const SYMBOLS = Array.from({ length: 500 }, (_, index) => `S${String(index).padStart(3, '0')}`);
const FIRST_TRADE_MS = Date.UTC(2026, 0, 1);
const TRADE_EVERY_MS = 7;

export const trades: Table = {
  name: 'trades',
  key: 'symbol',
  columns: [
    { name: 'symbol', type: 'string', cell: (_row, random) => oneOf(random, SYMBOLS) },
    {
      name: 'exchange_timestamp',
      type: 'timestamp',
      cell: (row) => new Date(FIRST_TRADE_MS + row * TRADE_EVERY_MS).toISOString(),
    },
    { name: 'price', type: 'double', cell: (_row, random) => (random() * 200).toFixed(4) },
    { name: 'quantity', type: 'long', cell: (_row, random) => String(between(random, 1, 1000)) },
    { name: 'side', type: 'string', cell: (_row, random) => oneOf(random, ['BUY', 'SELL']) },
    { name: 'sequence_number', type: 'long', cell: (row) => String(row) },
    { name: 'trade_id', type: 'string', cell: (row) => `T${String(row).padStart(12, '0')}` },
  ],
};

export const reference: BenchFeed = {
  name: 'reference',
  doc: 'trades of 7 columns, typed, keyed by symbol',
  table: trades,
  share: 1,
};
