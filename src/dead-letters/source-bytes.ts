import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { DiskStore } from '../../connectors/files/disk/disk-store.ts';
import { readRange } from '../../connectors/files/reading/content.ts';
import { type OpenFile, openFile } from '../../connectors/files/reading/open-file.ts';
import { HeadraceError } from '../errors.ts';

/** The bytes of a file, decompressed. Positions only go forward: what a compressed file had before is gone. */
export interface SourceBytes {
  /** As many as there are; fewer at the end of the file. */
  read(position: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** Throws what the system throws for a file that is not there. */
export async function openSourceBytes(path: string): Promise<SourceBytes> {
  const found = { path, absolute: await realpath(path), place: basename(path) };
  const open = await openFile(new DiskStore(), found, new AbortController().signal);
  if (typeof open === 'string')
    throw new HeadraceError('SOURCE_UNREADABLE', `${path}: cannot be read: ${open}`);
  return open.compressed ? new StreamedBytes(open) : new PlainBytes(open);
}

class PlainBytes implements SourceBytes {
  readonly #open: OpenFile;

  constructor(open: OpenFile) {
    this.#open = open;
  }

  read(position: number, length: number): Promise<Buffer> {
    return readRange(this.#open.content, position, position + length);
  }

  close(): Promise<void> {
    return this.#open.file.close();
  }
}

class StreamedBytes implements SourceBytes {
  readonly #open: OpenFile;
  readonly #chunks: AsyncIterator<Buffer>;
  /** What is decompressed and may still be asked for, from `#position` on. */
  #window: Buffer = Buffer.alloc(0);
  #position = 0;

  constructor(open: OpenFile) {
    this.#open = open;
    this.#chunks = open.content.read(0);
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
    await this.#chunks.return?.();
    await this.#open.file.close();
  }

  #dropBefore(position: number): void {
    const dropped = Math.min(this.#window.length, Math.max(0, position - this.#position));
    this.#window = this.#window.subarray(dropped);
    this.#position += dropped;
  }
}
