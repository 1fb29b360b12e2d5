import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import type { Entry, RandomAccessReader, ZipFile } from 'yauzl';
import { isZipArchive, otherFormat, SHORT_HEAD_BYTES } from '../../../src/values/known-formats.ts';
import { malformed, notDecompressed } from '../source-errors.ts';
import { type Content, readRange } from './content.ts';
import type { Decompression } from './decompressed-content.ts';

const OUTPUT_BYTES = 256 * 1024;
const STORED = 0;
const DEFLATED = 8;
/** What programs put beside the files that they pack. */
const BESIDE = /^__MACOSX\/|(?:^|\/)(?:\.DS_Store|Thumbs\.db)$/;
const MOST_NAMES = 3;

/** The one file that is in a zip archive. */
export class ZipArchive implements Decompression {
  readonly #raw: Content;
  readonly #size: number;
  readonly #path: string;
  #diskPosition = 0;

  /** @param size of the archive, in bytes: it is read from its end */
  constructor(raw: Content, size: number, path: string) {
    this.#raw = raw;
    this.#size = size;
    this.#path = path;
  }

  get diskPosition(): number {
    return this.#diskPosition;
  }

  async *content(): AsyncGenerator<Buffer, void, undefined> {
    let position = 0;
    let crc = 0;
    try {
      const zip = await this.#open();
      const entry = await this.#onlyFile(zip);
      for await (const bytes of await this.#decompressed(zip, entry)) {
        position += bytes.length;
        crc = crc32(bytes, crc);
        yield bytes;
      }
      if (position !== entry.uncompressedSize || crc !== entry.crc32)
        throw new Error('it has not the size and CRC-32 that it says');
    } catch (error) {
      throw malformed(this.#path, 'zip', position, error);
    }
  }

  async #open(): Promise<ZipFile> {
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
    return await yauzl.fromRandomAccessReaderPromise(reader, this.#size, { autoClose: false });
  }

  async *#rawRange(start: number, end: number): AsyncGenerator<Buffer, void, undefined> {
    let position = start;
    for await (const bytes of this.#raw.read(start, end)) {
      position += bytes.length;
      this.#diskPosition = position;
      yield bytes;
    }
  }

  async #onlyFile(zip: ZipFile): Promise<Entry> {
    const files: Entry[] = [];
    let count = 0;
    for await (const entry of zip.eachEntry()) {
      const { fileName } = entry;
      if (fileName.endsWith('/') || BESIDE.test(fileName)) continue;
      count++;
      if (files.length < MOST_NAMES) files.push(entry);
    }
    const [file] = files;
    if (file === undefined) throw this.#refused('is a zip archive with no file in it', 'have it sent again');
    if (count > 1) {
      const names = files.map(({ fileName }) => JSON.stringify(fileName)).join(', ');
      const what = `is a zip archive of ${count} files (${names}${count > MOST_NAMES ? ', …' : ''})`;
      throw this.#refused(what, 'expected one; unpack it and load what is in it');
    }
    if (file.isEncrypted()) throw this.#refused('is a zip archive with a password', 'unpack it');
    const { compressionMethod } = file;
    if (compressionMethod === STORED || compressionMethod === DEFLATED) return file;
    const what = `is a zip archive packed by method ${compressionMethod}, which cannot be read`;
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
