import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import type { Entry, RandomAccessReader, ZipFile } from 'yauzl';
import { isZipArchive, otherFormat, SHORT_HEAD_BYTES } from '../../../src/values/known-formats.ts';
import { malformed, notDecompressed } from '../source-errors.ts';
import { type Content, readRange } from './content.ts';
import type { Decompression } from './decompressed-content.ts';
import type { Member } from './loading-archive.ts';

const OUTPUT_BYTES = 256 * 1024;
const STORED = 0;
const DEFLATED = 8;
/** What programs put beside the files that they pack. */
const BESIDE = /^__MACOSX\/|(?:^|\/)(?:\.DS_Store|Thumbs\.db)$/;
/** Their names are held in memory. */
const MOST_FILES = 100_000;

interface Packed extends Member {
  readonly entry: Entry;
}

interface Opened {
  readonly zip: ZipFile;
  readonly files: readonly Packed[];
}

/** The files in a zip archive, one after another in the order of its directory. */
export class ZipArchive implements Decompression {
  readonly #raw: Content;
  readonly #size: number;
  readonly #path: string;
  #diskPosition = 0;
  #opened: Promise<Opened> | null = null;

  /** @param size of the archive, in bytes: it is read from its end */
  constructor(raw: Content, size: number, path: string) {
    this.#raw = raw;
    this.#size = size;
    this.#path = path;
  }

  get diskPosition(): number {
    return this.#diskPosition;
  }

  /** @throws HeadraceError SOURCE_MALFORMED */
  async members(): Promise<readonly Member[]> {
    return (await this.#open()).files;
  }

  async beginBefore(position: number): Promise<number> {
    const { files } = await this.#open();
    return files.findLast(({ from }) => from <= position)?.from ?? 0;
  }

  async *content(from: number): AsyncGenerator<Buffer, void, undefined> {
    const { zip, files } = await this.#open();
    for (const file of files) if (file.from >= from) yield* this.#contentOf(zip, file);
  }

  async *#contentOf(zip: ZipFile, { entry, from }: Packed): AsyncGenerator<Buffer, void, undefined> {
    let position = 0;
    let crc = 0;
    try {
      for await (const bytes of await this.#decompressed(zip, entry)) {
        position += bytes.length;
        crc = crc32(bytes, crc);
        yield bytes;
      }
      if (position !== entry.uncompressedSize || crc !== entry.crc32)
        throw new Error(
          `${JSON.stringify(entry.fileName)} has not the size and CRC-32 that the archive says`,
        );
    } catch (error) {
      throw malformed(this.#path, 'zip', from + position, error);
    }
  }

  #open(): Promise<Opened> {
    this.#opened ??= this.#openNow().catch((error: unknown) => {
      throw malformed(this.#path, 'zip', 0, error);
    });
    return this.#opened;
  }

  async #openNow(): Promise<Opened> {
    const head = await readRange(this.#raw, 0, SHORT_HEAD_BYTES);
    if (!isZipArchive(head))
      throw notDecompressed(
        this.#path,
        otherFormat(head) ?? 'is no zip archive, though it is called one; give it its own name',
      );
    const { default: yauzl } = await import('yauzl');
    const read = (start: number, end: number) => Readable.from(this.#rawRange(start, end));
    class ArchiveReader extends yauzl.RandomAccessReader {
      override _readStreamForRange = read;
    }
    const reader: RandomAccessReader = new ArchiveReader();
    const zip = await yauzl.fromRandomAccessReaderPromise(reader, this.#size, { autoClose: false });
    return { zip, files: await this.#files(zip) };
  }

  async *#rawRange(start: number, end: number): AsyncGenerator<Buffer, void, undefined> {
    let position = start;
    for await (const bytes of this.#raw.read(start, end)) {
      position += bytes.length;
      this.#diskPosition = position;
      yield bytes;
    }
  }

  async #files(zip: ZipFile): Promise<readonly Packed[]> {
    const files: Packed[] = [];
    let from = 0;
    for await (const entry of zip.eachEntry()) {
      const { fileName: name, uncompressedSize } = entry;
      if (name.endsWith('/') || BESIDE.test(name)) continue;
      if (files.length === MOST_FILES)
        throw this.#refused(`is a zip archive of more than ${MOST_FILES} files`, 'unpack it');
      files.push({ name, from, to: from + uncompressedSize, entry });
      from += uncompressedSize;
    }
    if (files.length === 0) throw this.#refused('is a zip archive with no file in it', 'have it sent again');
    for (const { entry } of files) this.#requireReadable(entry, files.length > 1);
    return files;
  }

  /** Before the first row of any of them. */
  #requireReadable(entry: Entry, isOneOfSeveral: boolean): void {
    const of = isOneOfSeveral ? `, of which this holds for ${JSON.stringify(entry.fileName)}` : '';
    if (entry.isEncrypted()) throw this.#refused(`is a zip archive with a password${of}`, 'unpack it');
    const { compressionMethod } = entry;
    if (compressionMethod === STORED || compressionMethod === DEFLATED) return;
    const what = `is a zip archive packed by method ${compressionMethod}, which cannot be read${of}`;
    throw this.#refused(what, 'pack it by deflate, or unpack it');
  }

  async #decompressed(zip: ZipFile, entry: Entry): Promise<AsyncIterable<Buffer>> {
    const packed = await zip.openReadStreamPromise(entry, { decodeFileData: false });
    if (entry.compressionMethod === STORED) return packed;
    // Errors are met by whoever iterates the stream.
    return pipeline(packed, createInflateRaw({ chunkSize: OUTPUT_BYTES }), () => {});
  }

  #refused(what: string, mend: string): Error {
    return notDecompressed(this.#path, `${what}; ${mend}`);
  }
}
