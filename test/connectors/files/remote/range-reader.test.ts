import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { crc32c } from '@node-rs/crc32';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { FileVersion } from '../../../../connectors/files/file-version.ts';
import { RangeReader, type RangeReaderOptions } from '../../../../connectors/files/remote/range-reader.ts';
import type { Answer } from './random-source.ts';
import { RandomSource, someBytes } from './random-source.ts';

const MIB = 1024 * 1024;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const opened: RangeReader[] = [];

afterEach(async () => {
  for (const reader of opened.splice(0)) await reader.close();
});

function versionOf(size: number): FileVersion {
  return { size, mtimeNs: 0n, identity: 'one', change: '' };
}

function readerOf(source: RandomSource, options: Partial<RangeReaderOptions> = {}): RangeReader {
  const reader = new RangeReader({
    found: { path: 'a.csv', absolute: 'a.csv', place: 'a.csv' },
    version: versionOf(source.bytes.length),
    source,
    signal: new AbortController().signal,
    log: SILENT,
    firstWaitMs: 1,
    stallMs: 50,
    ...options,
  });
  opened.push(reader);
  return reader;
}

/** Reads to the end, by buffers of one length. */
async function readAll(reader: RangeReader, from = 0, readBytes = MIB): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let position = from;
  for (;;) {
    const into = Buffer.alloc(readBytes);
    const bytes = await reader.read(into, position);
    if (bytes === 0) return Buffer.concat(pieces);
    pieces.push(into.subarray(0, bytes));
    position += bytes;
  }
}

const answers: fc.Arbitrary<Answer[]> = fc.array(
  fc.record({
    chunkBytes: fc.integer({ min: 1000, max: 200_000 }),
    after: fc.integer({ min: 0, max: 400_000 }),
    ends: fc.constantFrom<Answer['ends']>(
      'whole',
      'refuse',
      'break',
      'break unmapped',
      'end short',
      'go on beyond',
    ),
  }),
  { maxLength: 5 },
);

test('whatever breaks off, ends short or goes on too long, and wherever is read, the bytes are those of the file', async () => {
  const bytes = someBytes(3 * MIB);
  const reads = fc.array(
    fc.record({
      // 0: where the last read ended.
      seek: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 3 * MIB })),
      length: fc.integer({ min: 1, max: 600_000 }),
    }),
    { minLength: 1, maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(answers, reads, fc.integer({ min: 1, max: 3 * MIB }), async (told, steps, size) => {
      const source = new RandomSource(bytes.subarray(0, size), told);
      const reader = readerOf(source);
      let position = 0;
      for (const { seek, length } of steps) {
        position = seek ?? position;
        const into = Buffer.alloc(length);
        const read = await reader.read(into, position);
        expect(read).toBe(Math.max(0, Math.min(length, size - position)));
        const isRight = into.subarray(0, read).equals(bytes.subarray(position, position + read));
        expect(isRight).toBe(true);
        position += read;
      }
      await reader.close();
      expect(source.openStreams).toBe(0);
    }),
    { numRuns: 150 },
  );
});

test('a small file is one request, whichever of its parts are read again', async () => {
  const bytes = someBytes(200_000);
  const source = new RandomSource(bytes);
  const reader = readerOf(source);
  const head = Buffer.alloc(65_536);
  await reader.read(head, 0);
  await reader.read(Buffer.alloc(4), 0);
  expect((await readAll(reader)).equals(bytes)).toBe(true);
  expect(source.asked).toEqual([{ from: 0, to: 200_000 }]);
});

test('of an empty file nothing is asked', async () => {
  const source = new RandomSource(Buffer.alloc(0));
  expect(await readerOf(source).read(Buffer.alloc(10), 0)).toBe(0);
  expect(source.asked).toEqual([]);
});

test('ranges grow to 8 MiB, each byte is asked for once, and one is on its way while another is read', async () => {
  const bytes = someBytes(40 * MIB);
  const source = new RandomSource(bytes);
  expect((await readAll(readerOf(source))).equals(bytes)).toBe(true);
  const lengths = source.asked.map(({ from, to }) => to - from);
  expect(lengths.slice(0, 6)).toEqual([0.25, 0.5, 1, 2, 4, 8].map((mib) => mib * MIB));
  expect(Math.max(...lengths)).toBe(8 * MIB);
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(40 * MIB);
});

test('a stream slower than its reader gets company, of at most 8 and 64 MiB', async () => {
  const bytes = Buffer.alloc(200 * MIB, 'slow');
  const source = new RandomSource(bytes, [], 3);
  const reader = readerOf(source);
  const into = Buffer.alloc(MIB);
  let position = 0;
  let mostAhead = 0;
  while (position < bytes.length) {
    position += await reader.read(into, position);
    mostAhead = Math.max(mostAhead, Math.max(...source.asked.map(({ to }) => to)) - position);
  }
  expect(source.mostOpenStreams).toBeGreaterThan(2);
  expect(source.mostOpenStreams).toBeLessThanOrEqual(8);
  expect(mostAhead).toBeLessThanOrEqual(64 * MIB);
});

test('a reader that is slower than the stream is read ahead for by two ranges, however long it takes', async () => {
  const source = new RandomSource(Buffer.alloc(64 * MIB, 'fast'));
  const reader = readerOf(source);
  const into = Buffer.alloc(MIB);
  let mostAhead = 0;
  for (let position = 0; position < 64 * MIB; position += await reader.read(into, position)) {
    await sleep(1);
    mostAhead = Math.max(mostAhead, Math.max(...source.asked.map(({ to }) => to), 0) - position);
  }
  expect(mostAhead).toBeLessThanOrEqual(24 * MIB);
});

test('a read elsewhere is a range of its own, and what was read ahead is still there', async () => {
  const bytes = someBytes(10 * MIB);
  const source = new RandomSource(bytes);
  const reader = readerOf(source);
  await reader.read(Buffer.alloc(100_000), 0);
  const tail = Buffer.alloc(1024);
  expect(await reader.read(tail, 9 * MIB - 1024)).toBe(1024);
  expect(tail.equals(bytes.subarray(9 * MIB - 1024, 9 * MIB))).toBe(true);
  await reader.read(Buffer.alloc(100_000), 100_000);
  expect(source.asked).toEqual([
    { from: 0, to: 262_144 },
    { from: 9 * MIB - 1024, to: 9 * MIB },
  ]);
});

test('reading that goes on at another byte reads ahead from there', async () => {
  const bytes = someBytes(10 * MIB);
  const source = new RandomSource(bytes);
  const reader = readerOf(source);
  await reader.read(Buffer.alloc(65_536), 0);
  expect((await readAll(reader, 5 * MIB, 200_000)).equals(bytes.subarray(5 * MIB))).toBe(true);
  expect(source.asked.slice(0, 3)).toEqual([
    { from: 0, to: 262_144 },
    { from: 5 * MIB, to: 5 * MIB + 200_000 },
    { from: 5 * MIB + 200_000, to: 5 * MIB + 200_000 + 262_144 },
  ]);
});

test('a stream that stalls is given up for another one, which goes on at the byte where it ended', async () => {
  const bytes = someBytes(100_000);
  const source = new RandomSource(bytes, [{ chunkBytes: 1000, after: 30_000, ends: 'stall' }]);
  expect((await readAll(readerOf(source))).equals(bytes)).toBe(true);
  expect(source.asked).toEqual([
    { from: 0, to: 100_000 },
    { from: 30_000, to: 100_000 },
  ]);
});

test('streams that break again and again are continued as long as each brings a byte', async () => {
  const bytes = someBytes(1000);
  const breaks = Array.from({ length: 30 }, () => ({ chunkBytes: 10, after: 10, ends: 'break' }) as const);
  const source = new RandomSource(bytes, breaks);
  expect((await readAll(readerOf(source))).equals(bytes)).toBe(true);
  expect(source.asked).toHaveLength(31);
});

test('six failures in a row without a byte are an error that trying again may help, and another read does', async () => {
  const bytes = someBytes(1000);
  const breaks = Array.from({ length: 6 }, () => ({ chunkBytes: 10, after: 0, ends: 'end short' }) as const);
  const source = new RandomSource(bytes, [{ chunkBytes: 10, after: 10, ends: 'break' }, ...breaks]);
  const reader = readerOf(source);
  const into = Buffer.alloc(1000);
  expect(await reader.read(into, 0)).toBe(10);
  await expect(reader.read(into, 10)).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    retriable: true,
    message: expect.stringContaining('"a.csv" could not be read on at byte 10 of 1000 (the answer ended)'),
  });
  expect(await reader.read(into, 10)).toBe(990);
});

test('an abort ends a read with its reason, and what is on its way', async () => {
  const stopping = new AbortController();
  const source = new RandomSource(someBytes(MIB), [{ chunkBytes: 1000, after: 30_000, ends: 'stall' }]);
  const reader = readerOf(source, { signal: stopping.signal, stallMs: 30_000 });
  const reading = reader.read(Buffer.alloc(MIB), 0);
  await sleep(10);
  stopping.abort(new Error('the task is to stop'));
  await expect(reading).rejects.toThrow('the task is to stop');
  await expect(reader.read(Buffer.alloc(10), 0)).rejects.toThrow('the task is to stop');
});

test('closing lets go of what is held once', async () => {
  let releases = 0;
  const release = async () => void releases++;
  const reader = readerOf(new RandomSource(someBytes(10)), { release });
  await reader.close();
  await reader.close();
  expect(releases).toBe(1);
});

test('a file of a store without versions is read to the end that its last look has told', async () => {
  const bytes = someBytes(2000);
  const stat = async () => versionOf(2000);
  const reader = readerOf(new RandomSource(bytes), { version: versionOf(500), stat });
  expect((await readAll(reader)).equals(bytes.subarray(0, 500))).toBe(true);
  expect((await reader.stat()).size).toBe(2000);
  expect((await readAll(reader, 500)).equals(bytes.subarray(500))).toBe(true);
});

test.each([
  ['crc32', crc32],
  ['crc32c', crc32c],
] as const)(
  'a file whose %s is not that of its store is told of before its end is',
  async (algorithm, reckon) => {
    const bytes = someBytes(700_000);
    const good = readerOf(new RandomSource(bytes), { checksum: { algorithm, value: reckon(bytes) } });
    await good.read(Buffer.alloc(65_536), 0);
    expect((await readAll(good)).length).toBe(700_000);
    const bad = readerOf(new RandomSource(bytes), { checksum: { algorithm, value: 1 } });
    await expect(readAll(bad)).rejects.toMatchObject({
      code: 'SOURCE_MALFORMED',
      message: expect.stringContaining(`its store keeps the ${algorithm} 00000001`),
    });
  },
);

test('the checksum of a file says nothing of a part of it', async () => {
  const bytes = someBytes(700_000);
  const reader = readerOf(new RandomSource(bytes), { checksum: { algorithm: 'crc32', value: 1 } });
  await reader.read(Buffer.alloc(65_536), 0);
  expect((await readAll(reader, 300_000)).length).toBe(400_000);
});

test('once a look has shown another version, what was read of the one before is not given again', async () => {
  const source = new RandomSource(someBytes(4 * MIB));
  let version = versionOf(source.bytes.length);
  const reader = readerOf(source, { stat: async () => version });
  const head = Buffer.alloc(64 * 1024);
  await reader.read(head, 0);
  await reader.read(Buffer.alloc(MIB), 0);
  await reader.read(Buffer.alloc(MIB), MIB);
  const written = someBytes(4 * MIB);
  Object.assign(source, { bytes: written });
  version = { ...version, mtimeNs: 1n };
  expect(await reader.stat()).toEqual(version);
  await reader.read(head, 0);
  expect(head.equals(written.subarray(0, head.length))).toBe(true);
  expect((await readAll(reader, 2 * MIB)).equals(written.subarray(2 * MIB))).toBe(true);
});

test('ranges in memory that was used before hold their own bytes, also for who goes back a little', async () => {
  const bytes = someBytes(100 * MIB);
  const reader = readerOf(new RandomSource(bytes, [], 1), { stallMs: 30_000 });
  const into = Buffer.alloc(MIB);
  for (let position = 0, reads = 1; position < bytes.length; reads++) {
    const length = await reader.read(into, position);
    expect(into.subarray(0, length).equals(bytes.subarray(position, position + length))).toBe(true);
    position += reads % 5 === 0 ? length / 4 : length;
  }
});
