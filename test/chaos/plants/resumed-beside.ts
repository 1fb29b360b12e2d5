import { plant } from './plant.ts';
import './checksum-forgotten.ts';

/** Goes on one byte early where a connection was reset. */
plant('/connectors/files/remote/range.ts', [
  ['source.read(this.from + this.#received,', 'source.read(this.from + Math.max(0, this.#received - 1),'],
]);
