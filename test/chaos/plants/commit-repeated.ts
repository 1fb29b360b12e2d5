import { plant } from './plant.ts';

/** Repeats a commit whose answer did not come, on a new connection, and goes on with the same producer. */
plant('/src/kafka/producer/coordinated-transaction.ts', [
  [
    'await this.#connection.call(this.#coordinator, END_TXN, request, doing);',
    `await this.#connection.call(this.#coordinator, END_TXN, request, doing).catch(async () => {
      await this.#coordinator.close();
      await this.#connection.ready(this.#coordinator);
      return this.#connection.call(this.#coordinator, END_TXN, request, doing);
    });`,
  ],
]);
