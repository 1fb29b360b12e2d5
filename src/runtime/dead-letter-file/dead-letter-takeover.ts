import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from '@node-rs/crc32';
import type { PluginContext } from '../../plugin/index.ts';
import {
  type LetterFileName,
  type LetterMark,
  type MarkRecord,
  markRecord,
  NOTHING,
} from './dead-letter-mark.ts';
import { type Standing, type Takeover, takeOverFile } from './file-takeover.ts';
import { letterHeader } from './letter-form.ts';
import { LetterScan } from './letter-scan.ts';

const HEADERS = [letterHeader(false), letterHeader(true)];
const READ_BYTES = 1 << 20;

export interface LetterTakeoverOptions {
  readonly name: LetterFileName;
  readonly connector: string;
  /** What is committed of it; null: nothing is known of such a file. */
  readonly mark: LetterMark | null;
  /** `errors.deadletterqueue.file.escape.formulas` */
  readonly escapesFormulas: boolean;
  /** Writes a record of the offset topic, in the transaction that is open or in one of its own. */
  readonly store: (record: MarkRecord) => Promise<void>;
  /** Is told what was done about a file that was not as it was left. */
  readonly log: Pick<PluginContext['log'], 'info' | 'warn'>;
}

/**
 * Takes a dead-letter file over: with what is committed of it where that is as it was left, else as a new one, and what
 * stood there under another name.
 */
export async function takeOverLetters(
  options: LetterTakeoverOptions,
): Promise<{ handle: FileHandle; mark: LetterMark }> {
  const { name, connector, mark, store } = options;
  const header = letterHeader(options.escapesFormulas);
  let isMissed = false;
  const taken = await takeOverFile({
    path: name.path,
    fill: async (part, standing) => {
      // One that only lacks its rows was begun anew already.
      isMissed = (mark?.length ?? 0) > header.length && ((await standing?.stat())?.size ?? 0) === 0;
      const found = standing === null ? 'nothing' : await copyCommitted(standing, mark, part, header);
      if (found !== 'ours') await begin(part, header);
      return found;
    },
    // What was not committed by then must not be taken for ours by a start after a crash in between.
    prove: (standing) => store(markRecord(connector, name, standing === 'ours' ? mark : NOTHING)),
  });
  const isOurs = taken.standing === 'ours' && mark !== null;
  if (taken.standing === 'foreign' || isMissed) tell(options, taken);
  return { handle: taken.handle, mark: isOurs ? { ...mark, closed: false } : begun(header) };
}

/** What a new file holds. */
function begun(header: Buffer): LetterMark {
  return { length: header.length, crc32: crc32(header), closed: false };
}

/** Copies what is committed, and looks whether all of the file can be ours: one of other columns is not. */
async function copyCommitted(
  standing: FileHandle,
  mark: LetterMark | null,
  part: FileHandle | null,
  header: Buffer,
): Promise<Standing> {
  const { size } = await standing.stat();
  const length = mark?.length ?? 0;
  const isCommitted = mark !== null && length > 0 && size >= length && (await beginsWith(standing, header));
  if (isCommitted && (await copyPrefix(standing, length, part)) === mark.crc32) {
    if (size === length) return 'ours';
    if (!mark.closed && (await scanTail(standing, length))) return 'ours';
  }
  return (await isWithoutRows(standing, size)) ? 'nothing' : 'foreign';
}

/** @returns the CRC-32 of the bytes */
async function copyPrefix(standing: FileHandle, length: number, part: FileHandle | null): Promise<number> {
  let checksum = 0;
  for await (const bytes of piecesOf(standing, 0, length)) {
    checksum = crc32(bytes, checksum);
    await part?.appendFile(bytes);
  }
  return checksum;
}

async function scanTail(standing: FileHandle, from: number): Promise<boolean> {
  const scan = new LetterScan();
  for await (const bytes of piecesOf(standing, from, Number.POSITIVE_INFINITY)) {
    scan.push(bytes);
    if (!scan.isOurs) return false;
  }
  return true;
}

async function isWithoutRows(standing: FileHandle, size: number): Promise<boolean> {
  for (const header of HEADERS) {
    if (size <= header.length && (await beginsWith(standing, header.subarray(0, size)))) return true;
  }
  return false;
}

async function beginsWith(standing: FileHandle, bytes: Buffer): Promise<boolean> {
  const { bytesRead, buffer } = await standing.read(Buffer.alloc(bytes.length), 0, bytes.length, 0);
  return buffer.subarray(0, bytesRead).equals(bytes);
}

async function* piecesOf(file: FileHandle, from: number, to: number): AsyncGenerator<Buffer> {
  const buffer = Buffer.alloc(READ_BYTES);
  for (let at = from; at < to; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(READ_BYTES, to - at), at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/**
 * Ends a file that this feed's tasks no longer write to: what was not committed is cut off, and whoever slept while
 * writing to it reaches it no more. One that is not as it was left is somebody's now, and stays as it is.
 */
export async function closeLetters(options: LetterTakeoverOptions): Promise<void> {
  const { name, connector, mark, store } = options;
  if (mark === null || mark.closed) return;
  if ((await standingAt(name.path, mark, letterHeader(options.escapesFormulas))) !== 'ours')
    return store(markRecord(connector, name, null));
  const { handle } = await takeOverLetters(options);
  await handle.close();
  await store(markRecord(connector, name, { ...mark, closed: true }));
}

async function standingAt(path: string, mark: LetterMark, header: Buffer): Promise<Standing> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const standing = await open(path, flags).catch(() => null);
  if (standing === null) return 'nothing';
  try {
    return (await standing.stat()).isFile() ? await copyCommitted(standing, mark, null, header) : 'foreign';
  } finally {
    await standing.close();
  }
}

async function begin(part: FileHandle, header: Buffer): Promise<void> {
  await part.truncate(0);
  await part.appendFile(header);
}

function tell({ name: { path }, log }: LetterTakeoverOptions, { standing, aside }: Takeover): void {
  if (standing === 'nothing') {
    return log.info('dead-letter file begun anew', { path, reason: 'it was moved, removed or emptied' });
  }
  const reason = aside === null ? 'it was a link' : 'it was not as it was left';
  log.warn('dead-letter file set aside', { path, aside, reason });
}
