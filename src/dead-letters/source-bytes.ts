import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable, Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

/** The bytes of a file, decompressed. Positions only go forward: what a compressed file had before is gone. */
export interface SourceBytes {
  /** As many as there are; fewer at the end of the file. */
  read(position: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

const MAGIC = [
  { bytes: Buffer.of(0x1f, 0x8b), decompress: createGunzip },
  { bytes: Buffer.of(0x28, 0xb5, 0x2f, 0xfd), decompress: createZstdDecompress },
] as const;

/** Throws what the system throws for a file that cannot be opened. */
export async function openSourceBytes(path: string): Promise<SourceBytes> {
  const handle = await open(path);
  const plain = new PlainBytes(handle);
  const magic = await plain.read(0, 4);
  const compression = MAGIC.find(({ bytes }) => magic.subarray(0, bytes.length).equals(bytes));
  if (compression === undefined) return plain;
  await handle.close();
  return new StreamedBytes(createReadStream(path), compression.decompress());
}

class PlainBytes implements SourceBytes {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async read(position: number, length: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.#handle.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

class StreamedBytes implements SourceBytes {
  readonly #file: Readable;
  readonly #chunks: AsyncIterator<Buffer>;
  /** What is decompressed and may still be asked for, from `#position` on. */
  #window: Buffer = Buffer.alloc(0);
  #position = 0;

  constructor(file: Readable, decompressor: Transform) {
    this.#file = file;
    file.once('error', (error) => decompressor.destroy(error));
    this.#chunks = file.pipe(decompressor)[Symbol.asyncIterator]();
  }

  async read(position: number, length: number): Promise<Buffer> {
    while (this.#position + this.#window.length < position + length) {
      const { value, done } = await this.#chunks.next();
      if (done) break;
      this.#dropBefore(position);
      this.#window = Buffer.concat([this.#window, value]);
    }
    this.#dropBefore(position);
    return this.#window.subarray(0, length);
  }

  async close(): Promise<void> {
    this.#file.destroy();
    await this.#chunks.return?.();
  }

  #dropBefore(position: number): void {
    const dropped = Math.min(this.#window.length, Math.max(0, position - this.#position));
    this.#window = this.#window.subarray(dropped);
    this.#position += dropped;
  }
}
