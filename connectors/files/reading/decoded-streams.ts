import { malformed, trailing } from '../source-errors.ts';
import { Bunzip2 } from './bzip2/bunzip2.ts';
import { requireBegin } from './compression.ts';
import type { Content } from './content.ts';
import { NoStream } from './damaged.ts';
import type { Decompression } from './decompressed-content.ts';
import { Unxz } from './unxz.ts';

/** Takes the compressed streams of a file apart that stand one behind another. */
interface Decoder {
  /** Bytes of the file that are needed for what was given so far. */
  readonly used: number;
  /** @throws NoStream for what stands behind the last one; any other error for what is damaged */
  content(): AsyncGenerator<Buffer, void, undefined>;
}

const DECODERS = {
  bzip2: (raw: AsyncIterable<Buffer>): Decoder => new Bunzip2(raw),
  xz: (raw: AsyncIterable<Buffer>): Decoder => new Unxz(raw),
};

/** What Node does not decompress. */
export type DecodedCompression = keyof typeof DECODERS;

/** The streams of a file, in one go. */
export class DecodedStreams implements Decompression {
  readonly #raw: Content;
  readonly #compression: DecodedCompression;
  readonly #path: string;
  #diskPosition = 0;

  constructor(raw: Content, compression: DecodedCompression, path: string) {
    this.#raw = raw;
    this.#compression = compression;
    this.#path = path;
  }

  get diskPosition(): number {
    return this.#diskPosition;
  }

  async *content(): AsyncGenerator<Buffer, void, undefined> {
    let position = 0;
    await requireBegin(this.#compression, this.#raw, this.#path);
    const decoder = DECODERS[this.#compression](this.#raw.read(0));
    try {
      for await (const bytes of decoder.content()) {
        position += bytes.length;
        this.#diskPosition = decoder.used;
        yield bytes;
      }
    } catch (error) {
      if (error instanceof NoStream) throw trailing(this.#path, this.#compression);
      throw malformed(this.#path, this.#compression, position, error);
    }
  }
}
