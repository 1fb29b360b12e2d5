import type { BatchRecord } from '../kafka/records/record-batch.ts';
import { loneRecordBytes } from '../kafka/records/record-size.ts';
import type { Rejection } from '../plugin/index.ts';
import type { RowBatch } from '../rows/index.ts';
import { contentOfLetter, type LetterContent } from './letter-content.ts';
import { LETTER_HEADERS } from './letter-headers.ts';

/** Whose dead letters they are. */
export interface DeadLetterOrigin {
  readonly connector: string;
  readonly task: number;
}

/**
 * A rejected row as a record of the dead-letter topic: its raw bytes, or what `content` says, under `LETTER_HEADERS`. A
 * row that the topic cannot take is cut to what it can, and a header tells its full size; headers are shortened, the
 * longest first, only where they alone are too much.
 *
 * @param maxBytes what the topic takes of one record, alone in its batch
 */
export function deadLetterRecord(
  batch: RowBatch,
  index: number,
  rejection: Rejection,
  content: LetterContent,
  from: DeadLetterOrigin,
  timestamp: number,
  maxBytes: number,
): DeadLetterRecord {
  const value = contentOfLetter(batch, index, content);
  const headers = encode({
    ...errorHeaders(rejection, from),
    ...originHeaders(batch, index),
    ...(content === 'row' ? {} : { [LETTER_HEADERS.content]: content }),
  });
  const size = loneRecordBytes(value?.length ?? 0, headers);
  if (size <= maxBytes) return { key: null, value, headers, timestamp, size };
  return cutLetter(value ?? Buffer.alloc(0), headers, timestamp, maxBytes);
}

function cutLetter(
  raw: Buffer,
  headers: readonly Header[],
  timestamp: number,
  maxBytes: number,
): DeadLetterRecord {
  const marked = [...headers, ...encode({ [LETTER_HEADERS.truncatedFrom]: String(raw.length) })];
  shorten(marked, loneRecordBytes(0, marked) - maxBytes);
  let room = Math.min(raw.length, Math.max(0, maxBytes - loneRecordBytes(0, marked)));
  // Lengths before it take a few bytes more than those of an empty row.
  while (room > 0 && loneRecordBytes(room, marked) > maxBytes) room--;
  const value = raw.subarray(0, room);
  return { key: null, value, headers: marked, timestamp, size: loneRecordBytes(value.length, marked) };
}

/** A record and its bytes when it is alone in its batch. */
export interface DeadLetterRecord extends BatchRecord {
  readonly value: Buffer | null;
  readonly headers: readonly Header[];
  readonly size: number;
}

type Header = readonly [name: string, value: Buffer];

function encode(headers: Readonly<Record<string, string>>): Header[] {
  return Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)] as const);
}

/** Takes so many bytes away from headers, always from the one that is the longest. */
function shorten(headers: Header[], excess: number): void {
  for (let left = excess; left > 0; ) {
    headers.sort(([, one], [, other]) => other.length - one.length);
    const [name, value] = headers[0] as Header;
    if (value.length === 0) return;
    const next = headers[1]?.[1].length ?? 0;
    const cut = Math.min(left, Math.max(1, value.length - next));
    headers[0] = [name, wholeCharacters(value.subarray(0, value.length - cut))];
    left -= value.length - (headers[0][1] as Buffer).length;
  }
}

/** Without the character of UTF-8 that its end breaks off. */
function wholeCharacters(text: Buffer): Buffer {
  let end = text.length;
  while (end > 0 && ((text[end - 1] as number) & 0xc0) === 0x80) end--;
  const lead = text[end - 1] ?? 0;
  const wanted = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return end > 0 && end - 1 + wanted > text.length ? text.subarray(0, end - 1) : text;
}

function errorHeaders(rejection: Rejection, from: DeadLetterOrigin): Record<string, string> {
  return {
    [LETTER_HEADERS.topic]: rejection.topic ?? '',
    [LETTER_HEADERS.connector]: from.connector,
    [LETTER_HEADERS.task]: String(from.task),
    [LETTER_HEADERS.stage]: rejection.stage,
    [LETTER_HEADERS.plugin]: rejection.plugin,
    [LETTER_HEADERS.errorName]: rejection.errorName,
    [LETTER_HEADERS.message]: rejection.message,
  };
}

function originHeaders(batch: RowBatch, index: number): Record<string, string> {
  const origin = batch.origin(index);
  const { file } = LETTER_HEADERS;
  return {
    [file.path]: origin.filePath,
    [file.name]: origin.fileName,
    [file.offset]: String(origin.offset),
    [file.row]: String(origin.row),
    [file.line]: String(origin.line),
  };
}
