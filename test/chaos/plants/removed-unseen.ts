import { plant } from './plant.ts';

/** Removes whatever version of an object is there. */
plant('/connectors/s3/s3-store.ts', [
  ['{ ...this.#object(found.absolute), IfMatch: etagOf(version) }', 'this.#object(found.absolute)'],
]);
