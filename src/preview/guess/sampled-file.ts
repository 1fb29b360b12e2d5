import { type DataFile, readDataFile } from '../../dry-run/data-file.ts';
import type { SourceChunk } from '../../plugin/index.ts';

/** Of what has to be fetched: objects of buckets are paid for by the byte. */
const MOST_FETCHED_BYTES = 1024 * 1024;

/** A file as a guess reads it: in full as long as there is time, and of what is elsewhere the beginning. */
export class SampledFile {
  readonly #file: DataFile;
  /** Not all of it was given. */
  isCut = false;

  constructor(file: DataFile) {
    this.#file = file;
  }

  async *chunks(): AsyncGenerator<SourceChunk, void, undefined> {
    let left = this.#file.store === undefined ? Number.POSITIVE_INFINITY : MOST_FETCHED_BYTES;
    for await (const chunk of readDataFile(this.#file)) {
      yield chunk;
      left -= chunk.bytes.length;
      if (left > 0 || chunk.eof) continue;
      this.isCut = true;
      return;
    }
  }
}
