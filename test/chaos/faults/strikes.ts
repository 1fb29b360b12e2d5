import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../../src/testing/seeded-random.ts';
import type { Protocol } from '../ground.ts';
import { API, type Direction, type FrameLink, type Gate } from '../kafka-proxy.ts';
import { Strike } from '../switch-gate.ts';

/** What can be done to a request, or to its answer. */
const ACTS = ['cut', 'reset', 'silence', 'delay', 'late'] as const;

type Act = (typeof ACTS)[number];

/** One kind of trouble at one moment of one kind of request. */
export interface StrikeKind {
  readonly name: string;
  readonly doc: string;
  readonly apiKey: number;
  readonly direction: Direction;
  readonly act: Act;
  /** The request is made when a task starts, and not again. */
  readonly atStart: boolean;
  /** Of the clusters that are asked so. */
  readonly protocol?: Protocol;
}

const APIS = [
  { name: 'init-producer-id', apiKey: API.initProducerId, atStart: true },
  { name: 'fetch', apiKey: API.fetch, atStart: true },
  { name: 'add-partitions', apiKey: API.addPartitionsToTxn, atStart: false, protocol: 'old' },
  { name: 'produce', apiKey: API.produce, atStart: false },
  { name: 'end-txn', apiKey: API.endTxn, atStart: false },
] as const;

const DOCS: Readonly<Record<Direction, Readonly<Record<Act, string>>>> = {
  request: {
    cut: 'is lost with its connection',
    reset: 'is lost with a TCP reset',
    silence: 'never reaches the broker, and nothing is said',
    delay: 'takes its time',
    late: 'reaches the broker after its sender has given it up and gone on',
  },
  answer: {
    cut: 'is done, and the answer lost with the connection',
    reset: 'is done, and the answer lost with a TCP reset',
    silence: 'is done, and the answer never comes',
    delay: 'is answered late',
    late: '',
  },
};

const DELAY_MS = 300;
/** So many sends after it was given up, a late request goes on: a transaction of its successor is open then. */
const LATE_BY_SENDS = 2;

/**
 * Every kind of trouble there is: each request, before and after it is done. A late request to take over the
 * transactional id is not among them: it does take it over, from the task's own next producer, as Kafka means it to.
 */
export const STRIKES: readonly StrikeKind[] = APIS.flatMap(({ name, apiKey, atStart, ...rest }) =>
  (['request', 'answer'] as const).flatMap((direction) =>
    ACTS.filter((act) => DOCS[direction][act] !== '' && !(atStart && act === 'late')).map((act) => {
      const doc = `${name}: the request ${DOCS[direction][act]}`;
      return { name: `${name}-${direction}-${act}`, doc, apiKey, direction, act, atStart, ...rest };
    }),
  ),
);

/** A strike of a kind at one of the next frames, as chance has it. */
export class ArmedStrike implements Gate {
  readonly #strike: Strike;
  readonly #sends = Promise.withResolvers<void>();
  #sendsLeft = Number.POSITIVE_INFINITY;

  constructor({ apiKey, direction, act, atStart }: StrikeKind, random: Random) {
    const number = atStart ? 1 : 1 + Math.floor(random() * 3);
    this.#strike = new Strike(direction, apiKey, number, (link) => this.#act(act, link));
  }

  get struck(): Promise<void> {
    return this.#strike.struck.promise;
  }

  pass(direction: Direction, apiKey: number, link: FrameLink): Promise<void> | void {
    if (direction === 'request' && apiKey === API.produce && --this.#sendsLeft === 0) this.#sends.resolve();
    return this.#strike.pass(direction, apiKey, link);
  }

  #act(act: Act, link: FrameLink): Promise<void> | void {
    switch (act) {
      case 'cut':
        return link.cut();
      case 'reset':
        return link.reset();
      case 'silence':
        return new Promise(() => {});
      case 'delay':
        return delay(DELAY_MS);
      case 'late':
        link.outliveClient();
        this.#sendsLeft = LATE_BY_SENDS;
        return this.#sends.promise;
    }
  }
}
