import { plant } from './plant.ts';

/** Repeats a commit whose answer did not come, on a new connection, and goes on with the same producer. */
plant('/src/kafka/producer/transactional-producer.ts', [
  [
    'await this.#connection.call(coordinator, END_TXN, request, doing);',
    `await this.#connection.call(coordinator, END_TXN, request, doing).catch(async () => {
      await coordinator.close();
      await this.#connection.ready(coordinator);
      return this.#connection.call(coordinator, END_TXN, request, doing);
    });`,
  ],
]);
