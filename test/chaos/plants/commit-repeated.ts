import { plant } from './plant.ts';

/** Repeats a commit whose answer did not come, on a new connection, and goes on with the same producer. Harmless under TV2. */
plant('/src/kafka/producer/coordinated-transaction.ts', [
  [
    'await this.#connection.call(this.#coordinator, this.#protocol.endTxn, request, doing);',
    `await this.#connection.call(this.#coordinator, this.#protocol.endTxn, request, doing).catch(async () => {
      await this.#coordinator.close();
      await this.#connection.ready(this.#coordinator);
      return this.#connection.call(this.#coordinator, this.#protocol.endTxn, request, doing);
    });`,
  ],
]);
