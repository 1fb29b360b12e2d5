import { crc32 } from 'node:zlib';
import { crc32c } from '@node-rs/crc32';
import { HeadraceError } from '../../../src/plugin/index.ts';
import type { StoredFile } from '../file-store.ts';

const ALGORITHMS = { crc32, crc32c };

/** Holds the bytes of a file that is read from its beginning against the checksum that its store keeps. */
export class WholeChecksum {
  readonly #expected: NonNullable<StoredFile['checksum']>;
  #value = 0;
  #bytes = 0;

  constructor(expected: NonNullable<StoredFile['checksum']>) {
    this.#expected = expected;
  }

  /** What was read once before is passed over; what lies behind a gap ends the reckoning. */
  add(bytes: Buffer, position: number): void {
    const known = this.#bytes - position;
    if (known < 0 || known >= bytes.length) return;
    const next = bytes.subarray(known);
    this.#value = ALGORITHMS[this.#expected.algorithm](next, this.#value);
    this.#bytes += next.length;
  }

  /** @throws HeadraceError SOURCE_MALFORMED when all `size` bytes were read, and are not those that were stored */
  requireMatch(path: string, size: number): void {
    const { algorithm, value } = this.#expected;
    if (this.#bytes !== size || this.#value === value) return;
    throw new HeadraceError(
      'SOURCE_MALFORMED',
      `${JSON.stringify(path)} is damaged: its store keeps the ${algorithm} ${hex(value)}, its ${size} bytes have ` +
        `${hex(this.#value)}; rows of it may be delivered already: have it uploaded again`,
    );
  }
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
