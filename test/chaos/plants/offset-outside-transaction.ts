import { plant } from './plant.ts';

/** Commits the rows, then the offsets in a transaction of their own. */
plant('/src/sink/transaction-queue.ts', [
  ['this.#transmit([...batches, ...offsets])', 'this.#transmit(batches)'],
  [
    'await this.#producer.commit();',
    `await this.#producer.commit();
      this.#producer.begin();
      await this.#transmit(offsets);
      await this.#producer.commit();`,
  ],
]);
