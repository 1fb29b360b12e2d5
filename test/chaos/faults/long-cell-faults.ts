import type { Fault, Ground, Outcome } from '../ground.ts';
import { Trial } from '../trial.ts';

const ROWS = 30_000;
const BAD_EVERY = 200;
/** Long cells are some twenty times as long: their end is found by a look ahead in the file. */
const MAX_RECORD_BYTES = 500;
/** From the start of the task to its kill. */
const LIFE_MS = [100, 1200] as const;

export const LONG_CELL_FAULTS: readonly Fault[] = [
  {
    name: 'long-cells',
    doc: 'cells that are longer than a row may be, full of lines that look like rows, and SIGKILL at random instants',
    times: 3,
    play: playLongCells,
  },
];

async function playLongCells(ground: Ground): Promise<Outcome> {
  const trial = await Trial.begin(ground, {
    rows: ROWS,
    files: 2,
    badEvery: BAD_EVERY,
    faults: ['an over-long cell', 'too few cells'],
    feed: {
      'transforms.parse.max.record.bytes': MAX_RECORD_BYTES,
      'transaction.boundary': ground.random() < 0.5 ? 'interval' : 'poll',
      'transaction.boundary.interval.ms': 20,
    },
  });
  try {
    return await trial.finishAfterKills(LIFE_MS);
  } finally {
    await trial.close();
  }
}
