import { type ConfigProblem, HeadraceError } from '../../../src/plugin/index.ts';
import { LinePattern } from '../../../src/values/line-pattern.ts';
import type { Trailer } from '../file-version.ts';
import { readRange } from '../reading/content.ts';
import type { OpenFile } from '../reading/open-file.ts';

/** A trailer row is no longer, with what line ends there are behind it. */
const MOST_BYTES = 8 * 1024;

const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d];

/** The trailer row of an open file; null when its last line is none. What is compressed is read as a whole. */
export async function trailerOf(open: OpenFile, pattern: LinePattern): Promise<Trailer | null> {
  const { bytes, position } = open.compressed ? await endOfAll(open) : await endOf(open);
  const end = lineEndBefore(bytes);
  const begin = lineBeginBefore(bytes, end);
  if (begin === 0 && position > 0) return null;
  const rows = pattern.rowsIn(bytes.toString('utf8', begin, end));
  return typeof rows === 'number' ? { position: position + begin, rows } : null;
}

interface End {
  readonly bytes: Buffer;
  /** Byte of the content at which they begin. */
  readonly position: number;
}

async function endOf({ content, version }: OpenFile): Promise<End> {
  const position = Math.max(0, version.size - MOST_BYTES);
  return { bytes: await readRange(content, position, version.size), position };
}

async function endOfAll({ content }: OpenFile): Promise<End> {
  let bytes: Buffer = Buffer.alloc(0);
  let length = 0;
  for await (const piece of content.read(0)) {
    length += piece.length;
    bytes = piece.length >= MOST_BYTES ? piece : Buffer.concat([bytes, piece]);
    bytes = bytes.subarray(-MOST_BYTES);
  }
  return { bytes, position: length - bytes.length };
}

function lineEndBefore(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && isLineEnd(bytes[end - 1])) end--;
  return end;
}

function lineBeginBefore(bytes: Buffer, end: number): number {
  let begin = end;
  while (begin > 0 && !isLineEnd(bytes[begin - 1])) begin--;
  return begin;
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === LINE_FEED || byte === CARRIAGE_RETURN;
}

/** A mistake in `ready.pattern`. */
export function* checkTrailer(readyPattern: string | null): Generator<ConfigProblem> {
  if (readyPattern === null || LinePattern.counts(readyPattern) === 1) return;
  const message =
    `expected a line with {rows} once, where the number of rows stands ("TRAILER,{rows}"), got ` +
    JSON.stringify(readyPattern);
  yield { key: 'ready.pattern', message };
}

/** What was delivered of it ended before a trailer row, which is a row among others now. */
export function grownBehindTrailer(path: string): HeadraceError {
  const what = 'was delivered, and has had rows added behind its trailer row: they are not delivered';
  return new HeadraceError(
    'SOURCE_MALFORMED',
    `${JSON.stringify(path)} ${what}; have them sent as a file of their own`,
  );
}
