import { plant } from './plant.ts';

/** Goes on counting records under the epoch of the next transaction. */
plant('/src/kafka/producer/transactional-producer.ts', [
  [
    'if (await this.#transaction?.end(commit)) this.#sequences.restart();',
    'await this.#transaction?.end(commit);',
  ],
]);
