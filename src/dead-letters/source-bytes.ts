import { realpath } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { DiskStore } from '../../connectors/files/disk/disk-store.ts';
import { readRange } from '../../connectors/files/reading/content.ts';
import type { Member } from '../../connectors/files/reading/loading-archive.ts';
import { type OpenFile, openFile } from '../../connectors/files/reading/open-file.ts';
import { HeadraceError } from '../errors.ts';

/** The bytes of a file, decompressed. Positions only go forward: what a compressed file had before is gone. */
export interface SourceBytes {
  /** As many as there are; fewer at the end of the file. */
  read(position: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/**
 * @param path of a file, or of a file in an archive: `drop/trades.zip/asx.csv`
 * @throws what the system throws for a file that is not there
 */
export async function openSourceBytes(path: string): Promise<SourceBytes> {
  const { absolute, inside } = await placeOf(path);
  const found = { path, absolute, place: basename(absolute) };
  const open = await openFile(new DiskStore(), found, new AbortController().signal);
  if (typeof open === 'string')
    throw new HeadraceError('SOURCE_UNREADABLE', `${path}: cannot be read: ${open}`);
  if (!open.compressed && inside === '') return new PlainBytes(open);
  try {
    return new StreamedBytes(open, inside === '' ? WHOLE : await memberOf(open, path, inside));
  } catch (error) {
    await open.file.close();
    throw error;
  }
}

const WHOLE = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** Of a path that goes on behind a file: that file, and what is behind it. */
async function placeOf(path: string): Promise<{ readonly absolute: string; readonly inside: string }> {
  let [place, inside] = [resolve(path), ''];
  for (;;) {
    try {
      return { absolute: await realpath(place), inside };
    } catch (error) {
      const isBehind = (error as NodeJS.ErrnoException).code === 'ENOTDIR';
      if (!isBehind) throw error;
      inside = inside === '' ? basename(place) : `${basename(place)}/${inside}`;
      place = dirname(place);
    }
  }
}

async function memberOf(open: OpenFile, path: string, name: string): Promise<Pick<Member, 'from' | 'to'>> {
  const member = ((await open.members?.()) ?? []).find((one) => one.name === name);
  if (member === undefined)
    throw new HeadraceError('SOURCE_UNREADABLE', `${path}: there is no such file in it`);
  return member;
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

  constructor(open: OpenFile, { from, to }: Pick<Member, 'from' | 'to'>) {
    this.#open = open;
    this.#chunks = open.content.read(from, to);
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
