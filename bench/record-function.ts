import type { Transformation } from '../src/plugin/index.ts';
import { PluginCalls } from '../src/plugin-calls/plugin-calls.ts';
import type { RowBatch } from '../src/rows/index.ts';
import { TransformationStage } from '../src/runtime/stages/transformation-stage.ts';
import { batchOf } from '../src/testing/batch-of.ts';
import type { Section } from './report/section.ts';

const BATCHES = 100;
const ROWS = 4000;

type Trade = Record<string, string>;

const ofTrade = (change: (trade: Trade) => void): Transformation['apply'] => {
  return (record) => {
    change(record.value as Trade);
    return record;
  };
};

const FUNCTIONS: readonly (readonly [does: string, apply: Transformation['apply']])[] = [
  ['nothing', (record) => record],
  [
    'a field changed',
    ofTrade((trade) => {
      trade.side = 'B';
    }),
  ],
  [
    'a new object with a field changed',
    (record) => ({ ...record, value: { ...(record.value as Trade), side: 'B' } }),
  ],
  [
    'a field added',
    ofTrade((trade) => {
      trade.market = 'ASX';
    }),
  ],
  [
    'a field deleted: rows become records',
    ofTrade((trade) => {
      delete trade.side;
    }),
  ],
];

/** What a record function costs by itself: an object for each row, and putting it back among the cells. */
export function recordFunctionSection(): Section {
  return {
    title: 'A record function',
    notes: [`${BATCHES * ROWS} rows of five columns that are cells, in this process.`],
    header: ['', 'CPU µs/row'],
    rows: FUNCTIONS.map(([does, apply]) => [does, cost(apply).toFixed(3)]),
    findings: [],
  };
}

/** After one round to warm up, as a task of any length does. */
function cost(apply: Transformation['apply']): number {
  measure(batches(), apply);
  return measure(batches(), apply);
}

function batches(): RowBatch[] {
  const rows = Array.from({ length: ROWS }, (_, index) => ({
    symbol: `S${index % 500}`,
    price: '12.5',
    quantity: String(index),
    side: 'BUY',
    trade_id: `T${index}`,
  }));
  return Array.from({ length: BATCHES }, () => batchOf(rows));
}

/** Microseconds of CPU a row. */
function measure(all: readonly RowBatch[], apply: Transformation['apply']): number {
  const stage = new TransformationStage({
    plugin: { key: 'transforms.mine', name: 'mine', modulePath: null },
    transformation: { apply },
    predicate: null,
    parallel: 1,
    calls: new PluginCalls(60_000),
  });
  const before = process.cpuUsage();
  for (const batch of all) {
    void stage.run(batch);
    batch.release();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (BATCHES * ROWS);
}
