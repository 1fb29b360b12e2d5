import type { Fault, Ground, Outcome } from '../ground.ts';
import { API, type Direction, type FrameLink, type Gate } from '../kafka-proxy.ts';
import { OPEN } from '../switch-gate.ts';
import { Trial } from '../trial.ts';

const ROWS = 30_000;
const BAD_EVERY = 200;
/** From the start of the task to its kill. */
const LIFE_MS = [200, 1500] as const;

export const REFUSAL_FAULTS: readonly Fault[] = [
  {
    name: 'row-refused',
    doc: 'rows whose time the topic does not take, at random places, and SIGKILL at random instants',
    times: 2,
    play: (ground) => playRefusals(ground, OPEN),
  },
  {
    name: 'row-refused-by-surprise',
    doc: 'the same, when the broker alone knows that it does not take them',
    times: 2,
    play: (ground) => playRefusals(ground, new HiddenLimit()),
  },
];

async function playRefusals(ground: Ground, gate: Gate): Promise<Outcome> {
  ground.gate.current = gate;
  const trial = await Trial.begin(ground, {
    rows: ROWS,
    files: 2,
    badEvery: BAD_EVERY,
    faults: ['ahead of its time', 'too few cells', 'ahead of its time', 'not a number'],
    feed: {
      'transforms.route.timestamp': 'exchange_timestamp',
      'transaction.boundary': ground.random() < 0.5 ? 'interval' : 'poll',
      'transaction.boundary.interval.ms': 50,
    },
  });
  try {
    return await trial.finishAfterKills(LIFE_MS);
  } finally {
    await trial.close();
    ground.gate.current = OPEN;
  }
}

/** Takes the limit out of what the brokers tell of their topics: it goes by a name that nobody knows. */
class HiddenLimit implements Gate {
  readonly #name = Buffer.from('message.timestamp.after.max.ms');

  pass(direction: Direction, apiKey: number, _link: FrameLink, frame: Buffer): void {
    if (direction !== 'answer' || apiKey !== API.describeConfigs) return;
    for (let at = frame.indexOf(this.#name); at !== -1; at = frame.indexOf(this.#name, at + 1))
      frame.write('x', at);
  }
}
