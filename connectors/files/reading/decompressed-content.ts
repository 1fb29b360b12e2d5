import type { Content, Piece } from './content.ts';
import { DEFAULT_LIMITS, type DecompressionLimits, requireWithin } from './decompression-limits.ts';

/** How the content of a compressed file comes out of its bytes. */
export interface Decompression {
  /** Bytes on disk that were needed for what was given so far. */
  readonly diskPosition: number;
  /** Where it can begin at the latest, so that what is at `position` comes; not there: at the beginning. */
  beginBefore?(position: number): Promise<number>;
  /**
   * All of the content, from its beginning or from where it can begin.
   *
   * @throws HeadraceError SOURCE_MALFORMED for what is damaged, or no such file at all
   */
  content(from: number): AsyncGenerator<Buffer, void, undefined>;
}

/** The rows' bytes of a compressed file. */
export class DecompressedContent implements Content {
  readonly #decompression: Decompression;
  readonly #path: string;
  readonly #limits: DecompressionLimits;

  constructor(decompression: Decompression, path: string, limits = DEFAULT_LIMITS) {
    this.#decompression = decompression;
    this.#path = path;
    this.#limits = limits;
  }

  get diskPosition(): number {
    return this.#decompression.diskPosition;
  }

  /**
   * There is no seeking but to the files of an archive: whatever is before `from` is decompressed and thrown away.
   *
   * @throws HeadraceError SOURCE_MALFORMED for what is damaged, no such file at all, or beyond the limits
   */
  async *read(from: number, to = Number.MAX_SAFE_INTEGER): AsyncGenerator<Buffer, void, undefined> {
    let position = (await this.#decompression.beginBefore?.(from)) ?? 0;
    for await (const bytes of this.#decompression.content(position)) {
      const wanted = bytes.subarray(Math.max(0, from - position), Math.max(0, to - position));
      position += bytes.length;
      requireWithin(this.#limits, this.#path, position, this.diskPosition);
      if (wanted.length > 0) yield wanted;
      if (position >= to) return;
    }
  }

  async *pieces(from: number): AsyncGenerator<Piece, void, undefined> {
    for await (const bytes of this.read(from)) yield { bytes };
  }
}
