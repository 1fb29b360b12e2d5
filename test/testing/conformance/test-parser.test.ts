import { describe, expect, test } from 'vitest';
import type { ParserPlugin } from '../../../src/plugin/index.ts';
import { type ParserBattery, testParser } from '../../../src/testing/index.ts';
import { type LineFault, LineParser, lineParser } from './line-parser.ts';
import { expectFound, failuresOf } from './verdicts.ts';

const EXAMPLES: ParserBattery['examples'] = [
  {
    content: 'one\ntwo\nbad row\n\nfour five',
    rows: [{ line: 'one' }, { line: 'two' }, 'no "bad row"', { line: '' }, { line: 'four five' }],
  },
  { content: '', rows: [] },
];

const casesOf = (plugin: ParserPlugin, more: Partial<ParserBattery> = {}) =>
  testParser(plugin, { examples: EXAMPLES, deadlineMs: 2000, ...more });

test('a parser that does as it must passes every case', async () => {
  expect(await failuresOf(casesOf(lineParser({}, { columns: () => ['line'] })))).toEqual({});
});

test('a file may be one that is given up', async () => {
  const push = () => {
    throw new Error('expected a file of lines, got another');
  };
  const examples = [{ content: 'a', fails: 'a file of lines' }];
  expect(await failuresOf(casesOf(lineParser({ push }), { examples }))).toEqual({});
  const found = 'makes of each file what its example says';
  const message =
    /^parser lined: .*: file 'a': expected to be given up with "a file of lines", got its rows$/;
  await expectFound(casesOf(lineParser(), { examples }), found, message);
});

const SHARED = Buffer.alloc(100);
let opened = 0;

describe('a parser with one fault is found', () => {
  const CUT = 'makes the same rows wherever the bytes are cut';
  const RESUMED = 'goes on behind every row';
  const EXAMPLE = 'makes of each file what its example says';
  const REJECTED = 'rejects rows by errors that say what is wrong';

  test.each<[fault: string, parser: LineFault, found: string, message: RegExp]>([
    [
      'a row by another name',
      { parts: () => ({ columns: ['text'] }) },
      EXAMPLE,
      /rows: expected \[ \{ line: 'one' \}.*got \[ \{ text: 'one' \}/,
    ],
    [
      'what it holds is lost when the bytes go on',
      {
        push(parser, bytes, eof) {
          const rows = parser.lines(bytes, eof);
          if (!eof) parser.held = Buffer.alloc(0);
          return rows;
        },
      },
      CUT,
      /in pieces of 1, 1, .*: the (bytes of rows|byte).*\(again with seed: \d+\)$/,
    ],
    [
      'every piece is taken for whole lines',
      { push: (parser, bytes, eof) => ({ ...(parser.lines(bytes, true) as never as object), eof }) as never },
      CUT,
      /in pieces of 1, 1, .*: expected \[.*\(again with seed: \d+\)$/,
    ],
    [
      'nothing at the end of the file',
      { push: (parser, bytes, eof) => (bytes.length === 0 ? null : parser.lines(bytes, eof)) },
      EXAMPLE,
      /file '' in one piece: .*push gave null at the end of the file; expected ParsedRows/,
    ],
    [
      'an end before the end',
      { parts: () => ({ eof: true }) },
      CUT,
      /push gave ParsedRows with eof true before the end of the file/,
    ],
    [
      'a start that it does not look at',
      { start: () => null },
      RESUMED,
      /from byte 4 on, behind 1 rows: the byte at which rows begin: expected 4, got 0/,
    ],
    [
      'rows that it counts from 1 again',
      { start: ({ start }) => start && { ...start, row: 0 } },
      RESUMED,
      /from byte 4 on, behind 1 rows: progress.row: expected 5, got 4/,
    ],
    [
      'a progress that is behind',
      { parts: ({ progress }) => ({ progress: { ...progress, position: progress.position - 1 } }) },
      EXAMPLE,
      /progress.position: expected 26, got 25/,
    ],
    [
      'cells beyond its bytes',
      { parts: ({ bytes, rowBounds }) => ({ cells: { bytes, bounds: rowBounds.map((at) => at + 1) } }) },
      EXAMPLE,
      /cells.bounds: expected a start and an end within 26 bytes, got 18 and 27 of cell 4/,
    ],
    [
      'too few bounds',
      { parts: ({ rowBounds }) => ({ rowBounds: rowBounds.slice(2) }) },
      EXAMPLE,
      /push gave ParsedRows whose rowBounds do not fit/,
    ],
    [
      'lines that go down',
      { parts: ({ lines }) => ({ lines: lines.map((line) => 10 - line) }) },
      EXAMPLE,
      /lines: expected numbers up to \d+ that do not go down, got/,
    ],
    [
      'memory that it uses again',
      {
        parts({ bytes, cells }) {
          bytes.copy(SHARED);
          return { cells: { bounds: cells.bounds, bytes: SHARED } };
        },
      },
      CUT,
      /the rows that it gave, at the end of the file/,
    ],
    [
      'a second file that goes on where the first one was',
      { start: () => (opened++ === 0 ? null : ({ position: 3, row: 1 } as never)) },
      'reads a file behind another as if it were the first',
      /the byte at which rows begin: expected 0, got 3/,
    ],
    [
      'no name of the error',
      { rejection: { errorName: 'TypeError' } },
      REJECTED,
      /row 3: expected a RowError, got TypeError/,
    ],
    [
      'a masked message with the row in it',
      { rejection: { masked: 'no "bad row"' } },
      REJECTED,
      /row 3: expected a masked message without values of the row, got "no "bad row""/,
    ],
    [
      'another plugin that rejects',
      { rejection: { plugin: 'csv' } },
      REJECTED,
      /expected 'lined', got 'csv'/,
    ],
    [
      'a close that throws',
      {
        close() {
          throw new Error('nothing to close');
        },
      },
      'can be left at any byte, and leaves nothing running',
      /left behind 0 bytes: nothing to close/,
    ],
    [
      'a line at which its code stumbles',
      { stumblesOver: 'nee' },
      'rejects rows or gives up the file, whatever is in it',
      /expected rows, rejected rows or an error that says why .*, got TypeError: x is undefined/,
    ],
  ])('%s', async (_, fault, found, message) => {
    opened = 0;
    const examples: ParserBattery['examples'] = fault.stumblesOver
      ? [{ content: 'n\nn\nee\nne\n', rows: [{ line: 'n' }, { line: 'n' }, { line: 'ee' }, { line: 'ne' }] }]
      : EXAMPLES;
    await expectFound(casesOf(lineParser(fault), { examples, seed: 1 }), found, message);
  });

  test('a parser that keeps a file in what all files share', async () => {
    let file: LineParser | null = null;
    const plugin = lineParser(
      {},
      {
        create: () => ({
          open(opened) {
            const first = file ?? new LineParser(opened, {});
            file = first;
            return first;
          },
        }),
      },
    );
    await expectFound(
      casesOf(plugin),
      'reads a file behind another as if it were the first',
      /rows begin: expected 0/,
    );
  });

  test('a parser that looks ahead for ever', async () => {
    const plugin = lineParser();
    const create = () => ({
      open: (file: never) =>
        Object.assign(new LineParser(file, {}), {
          rest: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }),
        }),
    });
    const cases = casesOf({ ...plugin, create } as never, { deadlineMs: 50 });
    await expectFound(cases, EXAMPLE, /expected the file to come to its end, got nothing within 50 ms/);
  });

  test('other columns than it says', async () => {
    const plugin = lineParser({}, { columns: () => ['text'] });
    await expectFound(
      casesOf(plugin),
      'has the columns that it says',
      /columns at \[0\]: expected 'text', got 'line'/,
    );
  });
});

test('the seed of a failure gives the same pieces again', async () => {
  const lengths = async (seed: number) => {
    const seen: number[] = [];
    const push = (parser: LineParser, bytes: Buffer, eof: boolean) => {
      seen.push(bytes.length);
      return parser.lines(bytes, eof);
    };
    await failuresOf(casesOf(lineParser({ push }), { seed }));
    return seen;
  };
  expect(await lengths(7)).toEqual(await lengths(7));
  expect(await lengths(7)).not.toEqual(await lengths(8));
});
