import type { Fault, Ground, Outcome } from '../ground.ts';
import { API, type Direction, type FrameLink, type Gate } from '../kafka-proxy.ts';
import { OPEN } from '../switch-gate.ts';
import { raiseEpoch, takeOver } from '../take-over.ts';
import { Trial } from '../trial.ts';

const ROWS = 100_000;
const PRODUCER_FENCED = 90;
/** Of EndTxn where it raises the epoch: behind length, correlation id, tags and throttle. */
const ERROR_AT = 13;
/** The last that a producer gets. */
const LAST_EPOCH = 32_766;
/** Transactions under the epochs that are left: fewer than there are in the load, more than its start takes. */
const LEFT = 8;

/** What can happen only where each transaction has an epoch of its own, or is survived only there. */
export const EPOCH_FAULTS: readonly Fault[] = [
  {
    name: 'commit-again',
    doc: 'each commit reaches the broker once more, in the middle of the next transaction: it is refused',
    protocol: 'TV2',
    play: playCommitAgain,
  },
  {
    name: 'epochs-used-up',
    doc: 'the epochs of the transactional id are used up in the middle of a load: it goes on with another producer id',
    protocol: 'TV2',
    play: playEpochsUsedUp,
  },
];

async function playCommitAgain(ground: Ground): Promise<Outcome> {
  const trial = await beginTrial(ground);
  const again = new CommitAgain(idOf(ground));
  ground.gate.current = again;
  try {
    const daemon = trial.start();
    await trial.delivered(daemon);
    const wrong = restartsOf(trial);
    if (again.refused === 0) wrong.push(`of ${again.sent} commits that came again none was refused`);
    const facts = [
      ['commits that came again', again.sent],
      ['refused', again.refused],
    ] as const;
    return await trial.finish(daemon, facts, wrong);
  } finally {
    await trial.close();
    ground.gate.current = OPEN;
  }
}

async function playEpochsUsedUp(ground: Ground): Promise<Outcome> {
  const trial = await beginTrial(ground);
  const { behind } = ground.proxies;
  try {
    const before = await raiseEpoch(behind, idOf(ground), LAST_EPOCH - LEFT);
    const daemon = trial.start();
    await trial.delivered(daemon);
    const wrong = restartsOf(trial);
    await daemon.stop();
    const after = await takeOver(behind, idOf(ground));
    if (after.producerId === before.producerId) wrong.push(`the epoch has come to ${after.epoch} only`);
    return await trial.finish(daemon, [['epochs of the second producer id', after.epoch]], wrong);
  } finally {
    await trial.close();
  }
}

function beginTrial(ground: Ground): Promise<Trial> {
  return Trial.begin(ground, { rows: ROWS, files: 2, feed: { 'transaction.boundary': 'poll' } });
}

/** Of the task. */
function idOf({ name }: Ground): string {
  return `${name}-${name}-0`;
}

function restartsOf({ restarts }: Trial): string[] {
  return restarts > 0 ? [`the task was started again ${restarts} times`] : [];
}

/** Sends each commit of an id once more when a batch behind it was taken. */
class CommitAgain implements Gate {
  readonly #transactionalId: string;
  #repeat: (() => Promise<Buffer>) | null = null;
  sent = 0;
  refused = 0;

  constructor(transactionalId: string) {
    this.#transactionalId = transactionalId;
  }

  pass(direction: Direction, apiKey: number, link: FrameLink, frame: Buffer): Promise<void> | void {
    if (direction === 'request' && apiKey === API.endTxn && frame.includes(this.#transactionalId)) {
      const copy = Buffer.from(frame);
      this.#repeat = () => link.repeat(copy);
    } else if (direction === 'answer' && apiKey === API.produce && this.#repeat !== null) {
      const repeat = this.#repeat;
      this.#repeat = null;
      return this.#send(repeat);
    }
  }

  async #send(repeat: () => Promise<Buffer>): Promise<void> {
    const answer = await repeat();
    this.sent++;
    if (answer.readInt16BE(ERROR_AT) === PRODUCER_FENCED) this.refused++;
  }
}
