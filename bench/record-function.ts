import type { RecordBatch, Transformation } from '../src/plugin/index.ts';
import { TransformationStage } from '../src/runtime/transformation-stage.ts';
import { batchOf } from '../src/testing/batch-of.ts';
import type { Section } from './report/section.ts';

const BATCHES = 100;
const ROWS = 4000;

/** What a record function costs by itself: the first one of a feed makes the objects, every further one is only called. */
export function recordFunctionSection(): Section {
  const noOp: Transformation = { apply: (record) => record };
  // One round to warm up, as a task of any length does.
  measure(batches(), noOp);
  const fresh = batches();
  const first = measure(fresh, noOp);
  const further = measure(fresh, noOp);
  return {
    title: 'A record function that does nothing',
    notes: [`${BATCHES * ROWS} rows of five columns that were still cells, in this process.`],
    header: ['', 'CPU µs/row'],
    rows: [
      ['the first of a feed, objects made for it', first.toFixed(3)],
      ['a further one', further.toFixed(3)],
    ],
    findings: [],
  };
}

function batches(): RecordBatch[] {
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
function measure(all: readonly RecordBatch[], transformation: Transformation): number {
  const stage = new TransformationStage({ name: 'no-op', transformation, predicate: null, parallel: 1 });
  const before = process.cpuUsage();
  for (const batch of all) void stage.run(batch);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (BATCHES * ROWS);
}
