import { crc32 } from 'node:zlib';
import { type BlockRows, TAIL_BYTES } from '../../src/rows/index.ts';
import { type LongOutcome, TOO_LONG_KEPT_BYTES } from './long-rows.ts';

/** A rejected record while its bytes go by: its beginning is kept, the rest counted. */
export class SkippedRecord {
  readonly outcome: LongOutcome;
  readonly #keptLength: number;
  readonly #kept: Buffer[] = [];
  #length = 0;
  #crc = 0;
  #tail = Buffer.alloc(0);

  constructor(outcome: LongOutcome) {
    this.outcome = outcome;
    const { textEnd, fault } = outcome;
    this.#keptLength = fault.isCut ? Math.min(textEnd.file, TOO_LONG_KEPT_BYTES) : textEnd.file;
  }

  /** All bytes before the next row have come. */
  get isPast(): boolean {
    return this.#length === this.outcome.next.file;
  }

  /** Takes those of the file's next bytes that belong to the record, and gives how many they are. */
  take(bytes: Buffer): number {
    const used = Math.min(bytes.length, this.outcome.next.file - this.#length);
    const kept = Math.max(0, Math.min(used, this.#keptLength - this.#length));
    if (kept > 0) this.#kept.push(Buffer.from(bytes.subarray(0, kept)));
    const rest = bytes.subarray(kept, used);
    if (rest.length > 0) {
      this.#crc = crc32(rest, this.#crc);
      this.#tail = Buffer.concat([this.#tail, rest.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
    }
    this.#length += used;
    return used;
  }

  /** What of this one row stands in its file. */
  rows(columns: number): Pick<BlockRows, 'bytes' | 'skipped' | 'rowBounds' | 'cells'> {
    const bytes = Buffer.concat(this.#kept);
    const length = this.#length - bytes.length;
    return {
      bytes,
      skipped: { length, crc32: this.#crc, tail: this.#tail },
      rowBounds: Uint32Array.of(0, bytes.length),
      cells: { bytes, bounds: new Uint32Array(2 * columns) },
    };
  }
}
