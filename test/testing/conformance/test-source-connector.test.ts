import { afterEach, describe, expect, test } from 'vitest';
import type { SourceChunk, SourceConnectorPlugin } from '../../../src/plugin/index.ts';
import { type SourceBattery, testSourceConnector } from '../../../src/testing/index.ts';
import { opened, SHELF, type SourceFault, shelfSource } from './shelf.ts';
import { expectFound, failuresOf } from './verdicts.ts';

const casesOf = (plugin: SourceConnectorPlugin, more: Partial<SourceBattery> = {}) =>
  testSourceConnector(plugin, {
    options: { shelf: 'full' },
    files: Object.entries(SHELF).map(([path, content]) => ({ path, content })),
    opened: () => opened.count,
    failing: [{ options: { shelf: 'gone' }, message: 'the shelf is gone' }],
    deadlineMs: 200,
    ...more,
  });

test('a source that does as it must passes every case', async () => {
  expect(await failuresOf(casesOf(shelfSource()))).toEqual({});
});

test('one that watches ends when it is told to stop', async () => {
  const atStop: SourceFault['atStop'] = ({ signal }) =>
    signal.aborted || new Promise((resolve) => signal.addEventListener('abort', resolve));
  const more = { watches: true, deadlineMs: 5000, failing: [] };
  expect(await failuresOf(casesOf(shelfSource({ atStop }), more))).toEqual({});
});

test('options may be made for each case', async () => {
  let places = 0;
  const cases = casesOf(shelfSource(), { options: async () => ({ shelf: ++places > 0 ? 'full' : 'gone' }) });
  expect(await failuresOf(cases)).toEqual({});
  expect(places).toBe(cases.length);
});

const SHARED = Buffer.alloc(4);
const timers: NodeJS.Timeout[] = [];

afterEach(() => {
  for (const timer of timers.splice(0)) clearInterval(timer);
});

const NEVER = () => new Promise<never>(() => {});

describe('a source with one fault is found', () => {
  const ALL = 'gives every file, whole and in order';
  const LINES = 'goes on behind every line';

  test.each<[fault: string, source: SourceFault, found: string, message: RegExp]>([
    [
      'files in another order',
      { names: (names) => names.reverse() },
      ALL,
      /^source connector shelf: gives every file, .*: the files: expected \[ 'head\\n1\\n2\\n', /,
    ],
    [
      'a file that it forgets',
      { names: ([one = '']) => [one] },
      ALL,
      /the files: expected \[.*\], got \[ 'head\\n1\\n2\\n' \]/,
    ],
    [
      'what is no chunk',
      { chunks: () => [{ bytes: 'text' } as never] },
      ALL,
      /read gave a chunk whose file is undefined; expected chunks/,
    ],
    [
      'a file that begins before the one before it has ended',
      { chunks: (chunks) => chunks.map((chunk) => ({ ...chunk, eof: false })) },
      ALL,
      /expected all of one before two, got a part of it/,
    ],
    [
      'more of a file behind its end',
      { chunks: (chunks) => chunks.map((chunk) => ({ ...chunk, eof: true })) },
      ALL,
      /expected nothing of one behind its end, got more/,
    ],
    [
      'bytes that it uses again',
      {
        chunks: (chunks) =>
          new Proxy(chunks, {
            get: (target, key) => (key === Symbol.iterator ? () => reused(target) : Reflect.get(target, key)),
          }),
      },
      ALL,
      /the bytes that it gave of one, at the end: expected 'head', got/,
    ],
    [
      'a partition that JSON does not hold',
      { file: { partition: { name: Number.NaN } } },
      ALL,
      /the partition of one, as JSON gives it back at name: expected null, got NaN/,
    ],
    [
      'an offset that it does not look at',
      { stored: () => undefined },
      LINES,
      /start.position of one from byte 5 on: expected 5, got nothing/,
    ],
    [
      'an offset without the header',
      { stored: (offset) => offset && { ...offset, head: 0 } },
      LINES,
      /start.headBytes of one from byte 5 on: expected 'head\\n', got ''/,
    ],
    [
      'a start that it does not go to',
      { chunks: (chunks) => chunks.map((chunk) => (chunk.file.start ? { ...chunk, bytes: SHARED } : chunk)) },
      LINES,
      /one from byte 5 on: expected '1\\n2\\n', got/,
    ],
    [
      'an offset that JSON does not hold',
      { file: { offsetAt: ({ tail }) => ({ tail }) as never } },
      LINES,
      /the offset of one, as JSON gives it back at tail/,
    ],
    [
      'a file that it gives again though it is delivered',
      { stored: (offset) => (offset?.eof === true ? undefined : offset) },
      'gives nothing of what is delivered',
      /the files once all of it is committed: expected \[\], got/,
    ],
    [
      'a file that cannot be finished twice',
      { task: { committed: failsTheSecondTime() } },
      'is finished with a file as often as it is told',
      /is finished .*: no such file/,
    ],
    [
      'files that it opens ahead',
      { ahead: 2 },
      'reads no further than it is asked',
      /expected 1 of the files to be opened when so many were asked for, got 2/,
    ],
    [
      'a stop that it does not hear',
      { atStop: NEVER },
      'ends when it is told to stop, wherever it is',
      /expected read to come to its end, got nothing within 200 ms/,
    ],
    [
      'a stop that it takes for a mistake',
      {
        atStop({ signal }) {
          if (signal.aborted) throw new Error('interrupted');
        },
      },
      'ends when it is told to stop, wherever it is',
      /stopped behind 0 chunks: .*interrupted/,
    ],
    [
      'no answer about a file that is given up',
      { task: { failed: async () => undefined as never } },
      'goes on behind a file that is given up',
      /failed: expected true or false, got undefined/,
    ],
    [
      'a close that never comes back',
      { task: { close: NEVER } },
      'leaves nothing running, read or not',
      /expected close to come to its end/,
    ],
    [
      'a timer that it leaves running',
      {
        beforeFirst() {
          timers.push(setInterval(() => {}, 60_000));
        },
      },
      'leaves nothing running, read or not',
      /expected nothing to be left running, got Timeout/,
    ],
  ])('%s', async (_, fault, found, message) => {
    await expectFound(casesOf(shelfSource(fault)), found, message);
  });

  test.each<[fault: string, rest: Partial<SourceConnectorPlugin>, found: string, message: RegExp]>([
    [
      'files that every task gives',
      { taskCount: () => 2 },
      'shares files out among tasks, each once',
      /the files of 2 tasks: expected \[/,
    ],
    [
      'more tasks than there may be',
      { taskCount: () => 7 },
      'shares files out among tasks, each once',
      /taskCount: expected a number from 1 to 3, got 7/,
    ],
    [
      'a count that is wrong',
      { countFiles: async () => 7 },
      'counts its files',
      /countFiles: expected 3, got 7/,
    ],
  ])('%s', async (_, rest, found, message) => {
    await expectFound(casesOf(shelfSource({}, rest)), found, message);
  });

  test('a mistake in its code for the error of a place', async () => {
    const failing = [{ options: { shelf: 'odd' }, message: 'x is' }];
    const found = 'says why a place cannot be read';
    const message = /options \{"shelf":"odd"\}: expected an error with "x is" in it, got TypeError: /;
    await expectFound(casesOf(shelfSource(), { failing }), found, message);
  });
});

/** Each chunk in the same memory as the one before it. */
function* reused(chunks: readonly SourceChunk[]): Generator<SourceChunk> {
  for (const chunk of chunks) {
    chunk.bytes.copy(SHARED);
    yield { ...chunk, bytes: SHARED.subarray(0, chunk.bytes.length) };
  }
}

function failsTheSecondTime() {
  let last = '';
  return async ({ path }: { readonly path: string }) => {
    if (path === last) throw new Error('no such file');
    last = path;
  };
}
