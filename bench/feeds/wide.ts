import type { Random } from '../../src/testing/seeded-random.ts';
import { between } from '../data/random.ts';
import type { Column, ColumnType } from '../data/table.ts';
import type { BenchFeed } from './feed.ts';

const COLUMNS = 200;
const FIRST_MS = Date.UTC(2026, 0, 1);

const CELLS: Readonly<Record<ColumnType, (row: number, random: Random) => string>> = {
  string: (_row, random) => between(random, 0, 36 ** 6).toString(36),
  double: (_row, random) => (random() * 10_000).toFixed(3),
  long: (_row, random) => String(between(random, 0, 1_000_000)),
  timestamp: (row) => new Date(FIRST_MS + row * 1000).toISOString(),
};

function columnAt(index: number): Column {
  const type: ColumnType =
    index % 20 === 19
      ? 'timestamp'
      : ((['string', 'double', 'long', 'double'] as const)[index % 4] ?? 'string');
  return { name: `${type}_${String(index).padStart(3, '0')}`, type, cell: CELLS[type] };
}

export const wide: BenchFeed = {
  name: 'wide',
  doc: `${COLUMNS} columns, typed, keyed by the first`,
  table: {
    name: 'wide',
    key: 'string_000',
    columns: Array.from({ length: COLUMNS }, (_, index) => columnAt(index)),
  },
  share: 1 / 25,
};
