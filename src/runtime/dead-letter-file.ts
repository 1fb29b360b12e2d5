import { constants } from 'node:fs';
import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import { HeadraceError, messageOf } from '../errors.ts';
import type { DeadLetterFile } from '../kafka/sink/dead-letters.ts';
import type { OffsetReader, RecordBatch, Rejection, SourcePartition } from '../plugin/index.ts';
import { encodeOffsetKey, encodeOffsetValue } from '../storage/offset-codec.ts';

const HEADER = 'row_number,error,record,file,line,offset,stage\n';
const QUOTE = 0x22;

export interface DeadLetterFileOptions {
  readonly path: string;
  readonly connector: string;
  readonly task: number;
  readonly offsets: OffsetReader;
}

/**
 * `errors.deadletterqueue.file`: rejected rows as CSV, each once. A file cannot be part of a transaction, so its
 * length is kept with the source offsets, and what was written after the last commit is cut off at the start.
 */
export class CsvDeadLetterFile implements DeadLetterFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #key: Buffer;
  /** No length of it is stored yet: store `mark`, so that what a crash leaves behind is known to be ours. */
  readonly isNew: boolean;
  #parts: Buffer[] = [];
  #length: number;
  #written: number;

  private constructor(path: string, handle: FileHandle, key: Buffer, length: number, isNew: boolean) {
    this.#path = path;
    this.#handle = handle;
    this.#key = key;
    this.isNew = isNew;
    this.#length = length;
    this.#written = length;
  }

  /**
   * Opens the file at its committed length. A file of that name that this task knows nothing of is set aside.
   *
   * @throws HeadraceError DEAD_LETTER_FAILED when the file cannot be written.
   */
  static async open({ path, connector, task, offsets }: DeadLetterFileOptions): Promise<CsvDeadLetterFile> {
    const partition: SourcePartition = { 'errors.deadletterqueue.file': path, task };
    const committed = offsets.offset(partition)?.length;
    try {
      if (committed === undefined) await setAside(path);
      const handle = await open(path, constants.O_RDWR | constants.O_CREAT);
      const length = Math.min((await handle.stat()).size, Number(committed ?? 0));
      await handle.truncate(length);
      const key = encodeOffsetKey(connector, partition);
      const file = new CsvDeadLetterFile(path, handle, key, length, committed === undefined);
      if (length === 0) file.#push(Buffer.from(HEADER));
      return file;
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  append(batch: RecordBatch, index: number, rejection: Rejection): void {
    const { filePath, row, line, offset } = batch.origin(index);
    this.#push(Buffer.from(`${row},`));
    this.#push(quoted(Buffer.from(rejection.message)));
    this.#push(Buffer.from(','));
    this.#push(quoted(batch.rawRow(index)));
    this.#push(Buffer.from(`,${quoted(Buffer.from(filePath))},${line},${offset},${rejection.stage}\n`));
  }

  mark(): { length: number; key: Buffer; value: Buffer } {
    return { length: this.#length, key: this.#key, value: encodeOffsetValue({ length: this.#length }) };
  }

  async flush(length: number): Promise<void> {
    if (this.#written >= length) return;
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    try {
      await this.#write(bytes);
      await this.#handle.datasync();
    } catch (error) {
      throw unwritable(this.#path, error);
    }
  }

  /** A disk that fills up takes a part without an error, and only refuses what is left. */
  async #write(bytes: Buffer): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.#written);
      done += bytesWritten;
      this.#written += bytesWritten;
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  #push(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }
}

async function setAside(path: string): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > 0) await rename(path, `${path}.${new Date().toISOString().replaceAll(':', '-')}`);
}

/** Quoted always, byte for byte: a rejected row may hold bytes that are no text. */
function quoted(bytes: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.of(QUOTE)];
  let from = 0;
  for (let at = bytes.indexOf(QUOTE); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
    parts.push(bytes.subarray(from, at + 1), Buffer.of(QUOTE));
    from = at + 1;
  }
  parts.push(bytes.subarray(from), Buffer.of(QUOTE));
  return Buffer.concat(parts);
}

function unwritable(path: string, error: unknown): HeadraceError {
  return new HeadraceError(
    'DEAD_LETTER_FAILED',
    `errors.deadletterqueue.file ${path} could not be written: ${messageOf(error)}; check the folder, its permissions and the free space`,
    { cause: error },
  );
}
