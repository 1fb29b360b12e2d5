import { plant } from './plant.ts';

/** Writes the next transaction under the epoch of the one that has ended. */
plant('/src/kafka/producer/coordinated-transaction.ts', [['this.#identity = answer.next;', '']]);
