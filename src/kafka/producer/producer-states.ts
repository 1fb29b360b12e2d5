import { HeadraceError } from '../../errors.ts';

/** The states of a producer: what each means and where it may go. */
const PRODUCER_STATES = {
  READY: {
    meaning: 'no transaction is open',
    next: ['IN_TRANSACTION'],
  },
  IN_TRANSACTION: {
    meaning: 'begun; the broker hears of it with the first send',
    next: ['COMMITTING', 'ABORTING'],
  },
  COMMITTING: {
    meaning: 'waiting for what was sent, then for the answer to the one commit',
    next: ['READY'],
  },
  ABORTING: {
    meaning: 'waiting for what was sent, then for the answer to the one abort',
    next: ['READY'],
  },
  FAILED: {
    meaning:
      'an error came; what became of the transaction is for the log alone to say, and only close is left',
    next: [],
  },
  CLOSED: {
    meaning: 'the connections are ended',
    next: [],
  },
} as const satisfies Record<string, { meaning: string; next: readonly string[] }>;

export type ProducerState = keyof typeof PRODUCER_STATES;

/** The state of one producer and the error that it failed with. FAILED and CLOSED are reached from everywhere. */
export class ProducerStateMachine {
  #state: ProducerState = 'READY';
  #failure: unknown;

  get state(): ProducerState {
    return this.#state;
  }

  /** Goes to another state; throws as `check` does, or an Error when the order of calls is wrong. */
  move(to: ProducerState): void {
    this.check();
    const { meaning, next } = PRODUCER_STATES[this.#state];
    if (!(next as readonly string[]).includes(to)) {
      throw new Error(`A producer that is ${this.#state} (${meaning}) cannot become ${to}`);
    }
    this.#state = to;
  }

  /** Throws unless the producer is in the state. */
  require(state: ProducerState): void {
    this.check();
    if (this.#state !== state) {
      throw new Error(
        `The producer is ${this.#state} (${PRODUCER_STATES[this.#state].meaning}), not ${state}`,
      );
    }
  }

  /** Throws the error that the producer failed with, or says that it was closed. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#state === 'CLOSED') throw new HeadraceError('KAFKA_UNAVAILABLE', 'The producer was closed.');
  }

  /** Fails for good and returns the error to throw: the first that came. */
  fail(error: unknown): unknown {
    this.#failure ??= error;
    if (this.#state !== 'CLOSED') this.#state = 'FAILED';
    return this.#failure;
  }

  /** Closes from wherever it is; false when it was closed before. */
  close(): boolean {
    const first = this.#state !== 'CLOSED';
    this.#state = 'CLOSED';
    return first;
  }
}
