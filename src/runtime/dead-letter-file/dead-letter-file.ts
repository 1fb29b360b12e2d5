import type { FileHandle } from 'node:fs/promises';
import { lstat } from 'node:fs/promises';
import { crc32 } from '@node-rs/crc32';
import { HeadraceError, messageOf } from '../../errors.ts';
import type { Rejection } from '../../plugin/index.ts';
import type { RowBatch } from '../../rows/index.ts';
import type { DeadLetterFile } from '../../sink/dead-letters.ts';
import { contentOfLetter, type LetterContent } from '../../sink/letter-content.ts';
import { type LetterMark, markRecord, NOTHING } from './dead-letter-mark.ts';
import { type LetterTakeoverOptions, takeOverLetters } from './dead-letter-takeover.ts';
import { letterRow } from './letter-form.ts';

/** Somebody has moved, removed or changed a dead-letter file: the task begins anew, and with a file of its own. */
export class DeadLetterFileDisplaced extends Error {}

/**
 * `errors.deadletterqueue.file`: rejected rows as CSV, each once. A file cannot be part of a transaction, so its
 * length is kept with the source offsets, and what was written after the last commit is cut off at the start.
 */
export class CsvDeadLetterFile implements DeadLetterFile {
  readonly #options: LetterTakeoverOptions;
  readonly #content: LetterContent;
  readonly #handle: FileHandle;
  readonly #inode: bigint;
  #mark: LetterMark;
  #parts: Buffer[] = [];

  private constructor(
    options: LetterTakeoverOptions,
    content: LetterContent,
    handle: FileHandle,
    inode: bigint,
    mark: LetterMark,
  ) {
    this.#options = options;
    this.#content = content;
    this.#handle = handle;
    this.#inode = inode;
    this.#mark = mark;
  }

  /**
   * Opens the file at its committed length, and so that nobody else writes to it. What is not as this task's
   * predecessor left it is set aside.
   *
   * @throws HeadraceError DEAD_LETTER_FAILED when the file cannot be written, KAFKA_FENCED when another has taken over
   */
  static async open(
    options: LetterTakeoverOptions,
    content: LetterContent = 'row',
  ): Promise<CsvDeadLetterFile> {
    const { path } = options.name;
    return orUnwritable(path, async () => {
      const { handle, mark } = await takeOverLetters(options);
      try {
        const { ino } = await handle.stat({ bigint: true });
        const file = new CsvDeadLetterFile(options, content, handle, ino, mark);
        await file.#store(mark);
        return file;
      } catch (error) {
        await handle.close();
        throw error;
      }
    });
  }

  append(batch: RowBatch, index: number, rejection: Rejection): void {
    const { filePath: file, row, line, offset } = batch.origin(index);
    const { message, stage } = rejection;
    const letter = {
      row,
      message,
      raw: contentOfLetter(batch, index, this.#content) ?? Buffer.alloc(0),
      file,
      line,
      offset,
      stage,
    };
    this.#parts.push(letterRow(letter, this.#options.escapesFormulas));
  }

  take(): readonly Buffer[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }

  /**
   * @throws DeadLetterFileDisplaced when the file is not as it was left; what was there is in a safe place then
   * @throws HeadraceError DEAD_LETTER_FAILED, or KAFKA_FENCED
   */
  async flush(parts: readonly Buffer[]): Promise<void> {
    const bytes = Buffer.concat(parts);
    await orUnwritable(this.#options.name.path, async () => {
      if (!(await this.#isInPlace())) await this.#giveWay();
      const before = this.#mark;
      await this.#append(bytes);
      this.#mark = {
        length: before.length + bytes.length,
        crc32: crc32(bytes, before.crc32),
        closed: false,
      };
      if ((await this.#isInPlace()) || (await this.#holds(bytes, before.length))) return;
      await this.#withdraw(bytes);
      this.#mark = before;
      await this.#giveWay();
    });
    await this.#store(this.#mark);
  }

  /** Tells that nothing will come any more: whatever stands behind these bytes later is not ours. */
  async finish(): Promise<void> {
    await this.#store({ ...this.#mark, closed: true });
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** A disk that fills up takes a part without an error, and only refuses what is left. */
  async #append(bytes: Buffer): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      done += (await this.#handle.write(bytes, done)).bytesWritten;
    }
    await this.#handle.datasync();
  }

  /** Whether the path still names the file that is written to, and nobody else has written to it or cut it. */
  async #isInPlace(): Promise<boolean> {
    const found = await lstat(this.#options.name.path, { bigint: true }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      },
    );
    return found?.ino === this.#inode && found.size === BigInt(this.#mark.length);
  }

  /** Of a file that was moved, or written to by others, since: the rows are in it, and so has whoever did that. */
  async #holds(bytes: Buffer, position: number): Promise<boolean> {
    if ((await this.#handle.stat()).nlink === 0) return false;
    const { buffer } = await this.#handle.read(Buffer.alloc(bytes.length), 0, bytes.length, position);
    return buffer.equals(bytes);
  }

  /** What this transaction has written goes with it, also out of a file that was moved or cut meanwhile. */
  async #withdraw(bytes: Buffer): Promise<void> {
    const from = (await this.#handle.stat()).size - bytes.length;
    if (from < 0) return;
    const { buffer } = await this.#handle.read(Buffer.alloc(bytes.length), 0, bytes.length, from);
    if (buffer.equals(bytes)) await this.#handle.truncate(from);
  }

  /** Whoever has replaced this task must not be taken for a person who moves files. */
  async #giveWay(): Promise<never> {
    await this.#store(NOTHING);
    const { handle } = await takeOverLetters({ ...this.#options, mark: { ...this.#mark, closed: true } });
    await handle.close();
    throw new DeadLetterFileDisplaced(this.#options.name.path);
  }

  async #store(mark: LetterMark): Promise<void> {
    const { connector, name, store } = this.#options;
    await store(markRecord(connector, name, mark));
  }
}

async function orUnwritable<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof HeadraceError || error instanceof DeadLetterFileDisplaced) throw error;
    throw new HeadraceError(
      'DEAD_LETTER_FAILED',
      `errors.deadletterqueue.file ${path} could not be written: ${messageOf(error)}; check the folder, its permissions and the free space`,
      { cause: error },
    );
  }
}
