import { describe, expect, test } from 'vitest';
import {
  decodeFileKey,
  decodeFileStatus,
  encodeFileStatus,
  type FileStatus,
  fileStatusKey,
  statusByOffset,
} from '../../src/offsets/file-status.ts';

const AT = Date.parse('2026-01-05T10:00:00.000Z');
const iso = (timestamp: number) => new Date(timestamp).toISOString();

function told(changes: Partial<FileStatus> = {}): FileStatus {
  return {
    ...{ file: 'a.csv', task: 1, state: 'READING', position: 0, size: 33 },
    ...{ rows: { read: 0, produced: 0, filtered: 0, rejected: 0 }, error: null, target: null },
    ...{ generation: 'g', discovered: iso(AT - 2000), started: iso(AT - 1000), finished: null },
    changed: iso(AT),
    ...changes,
  };
}

const OFFSET = { position: 33, row: 3, line: 4, head: 13, produced: 2, filtered: 0, rejected: 1, size: 33 };
const stored = (timestamp: number, offset = {}, generation = 'g') => ({
  ...{ generation, timestamp, offset: { ...OFFSET, ...offset } },
});

test('a state is read as it was written; what is none is passed over', () => {
  const status = told({ file: 'ä "b".csv', state: 'FAILED', error: 'cut short' });
  expect(decodeFileStatus(status.file, encodeFileStatus(status))).toEqual(status);
  expect(decodeFileKey(fileStatusKey('trades', status.file))).toEqual({
    connector: 'trades',
    file: status.file,
  });
  expect(decodeFileStatus('a.csv', Buffer.from('{"state":1}'))).toBeNull();
  expect(decodeFileStatus('a.csv', Buffer.from('null'))).toBeNull();
  expect(decodeFileKey(Buffer.from('["trades",{"queue":"a"}]'))).toBeNull();
});

test('a reason is kept to its first 2,000 characters', () => {
  const long = encodeFileStatus(told({ error: 'x'.repeat(1_000_000) }));
  expect(long.length).toBeLessThan(3000);
});

describe('where what was told and the offset differ', () => {
  test.each<[string, FileStatus | null, ReturnType<typeof stored>, Partial<FileStatus> | null]>([
    [
      'a file of which nothing was told is what its offset says',
      null,
      stored(AT, { eof: true }),
      {
        ...{ state: 'COMPLETED', task: null, position: 33, finished: iso(AT), changed: iso(AT) },
        rows: { read: 3, produced: 2, filtered: 0, rejected: 1 },
      },
    ],
    [
      'one that was being read is as far as its offset',
      told(),
      stored(AT + 1),
      {
        ...{ state: 'READING', position: 33, started: iso(AT - 1000), discovered: iso(AT - 2000) },
      },
    ],
    [
      'one that was being read is finished when all of it is delivered',
      told(),
      stored(AT + 1, { eof: true }),
      {
        ...{ state: 'COMPLETED', started: iso(AT - 1000), finished: iso(AT + 1) },
      },
    ],
    [
      'so is one of which only that was not told that it is finished',
      told({ state: 'DELIVERED' }),
      stored(AT - 1, { eof: true }),
      { state: 'COMPLETED' },
    ],
    [
      'one that could not be put away is not',
      told({ state: 'DELIVERED', error: 'full' }),
      stored(AT - 1, { eof: true }),
      null,
    ],
    [
      'one that was given up has the reason',
      told(),
      stored(AT + 1, { failed: 'cut short' }),
      { state: 'FAILED', error: 'cut short' },
    ],
    [
      'one that was given up lies where its offset says that it was to go',
      told(),
      stored(AT + 1, { failed: 'cut short', target: '/failed/a.csv' }),
      { state: 'QUARANTINED', error: 'cut short', target: '/failed/a.csv' },
    ],
    [
      'of one that was given up what was told says more',
      told({ state: 'QUARANTINED', error: 'cut' }),
      stored(AT + 1, { failed: 'cut' }),
      null,
    ],
    [
      'a mended file that was delivered since is',
      told({ state: 'FAILED', error: 'cut' }),
      stored(AT + 1, { eof: true }),
      { state: 'COMPLETED', error: null },
    ],
    [
      'an older content says nothing of the one that is read',
      told(),
      stored(AT - 1, { eof: true }, 'older'),
      null,
    ],
    [
      'nor of one that came again',
      told({ state: 'READY', generation: null }),
      stored(AT - 1, { eof: true }),
      null,
    ],
  ])('%s', (_, before, offset, expected) => {
    const status = statusByOffset('a.csv', before, offset);
    if (expected === null) expect(status).toBeNull();
    else expect(status).toMatchObject(expected);
  });
});
