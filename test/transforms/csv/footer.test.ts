import { describe, expect, it } from 'vitest';
import csv from '../../../transforms/csv/index.ts';
import fixedWidth from '../../../transforms/fixed-width/index.ts';
import { rowsFromEveryRow } from '../cut-files.ts';
import { fakeFile, makeParser, problemsOf, pushAll, rowsOf } from '../support.ts';

type Options = Readonly<Record<string, unknown>>;

const cellsOf = async (text: string | Buffer, options: Options) =>
  (await rowsFromEveryRow(csv, { options, bytes: Buffer.from(text as string) })).map(
    ({ cells, error }) => cells ?? error,
  );

function parse(text: string, options: Options) {
  return rowsOf(pushAll(makeParser(csv, options).open(fakeFile()), [Buffer.from(text)]));
}

describe('the footer', () => {
  it.each<[string, string, Options]>([
    ['of one line', 'a,b\n1,2\n3,4\nTotal,6\n', { footerLines: 1 }],
    ['without a line end', 'a,b\n1,2\n3,4\nTotal,6', { footerLines: 1 }],
    ['before lines with nothing in them', 'a,b\r\n1,2\r\n3,4\r\n\r\nTotal\r\n\r\n\r\n', { footerLines: 1 }],
    ['of several lines', 'a,b\r1,2\r3,4\rTotal\r"By us\r\rPage 1\r', { footerLines: 3 }],
    ['by what it begins with', 'a,b\n1,2\n3,4\nTOTAL,6\n', { footerPattern: 'TOTAL*' }],
    ['with a count', 'a,b\n1,2\n3,4\nTRAILER|0002|x\n', { footerPattern: 'TRAILER|{rows}|*' }],
    ['of fewer lines than there may be', 'a,b\n1,2\n3,4\nEND\nx\n', { footerLines: 3, footerPattern: 'END' }],
    [
      'of all lines that there may be',
      'a,b\n1,2\n3,4\nEND\nx\ny\n',
      { footerLines: 3, footerPattern: 'END' },
    ],
  ])('%s is no row', async (_, text, options) => {
    expect(await cellsOf(text, options)).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  it('is that of the end alone: a row that looks like it is one', async () => {
    const options = { footerPattern: 'TOTAL,{rows}' };
    expect(await cellsOf('a,b\nTOTAL,7\n1,2\nTOTAL,2\n', options)).toEqual([
      ['TOTAL', '7'],
      ['1', '2'],
    ]);
  });

  it('counts rows that are rejected', async () => {
    expect(await cellsOf('a,b\n1\n1,2\nTOTAL,2\n', { footerPattern: 'TOTAL,{rows}' })).toEqual([
      'TooFewCells: expected 2 cells (a, b), got 1',
      ['1', '2'],
    ]);
  });

  it('ends a cell whose quote is not closed', () => {
    expect(
      parse('a,b\n1,2\n"3,4\nTOTAL,6\n', { footerLines: 1 }).map(({ raw, error }) => [raw, error]),
    ).toEqual([
      ['1,2', undefined],
      [
        '"3,4',
        'UnclosedQuote: a quoted cell begins on this line and is not closed before the end of the file',
      ],
    ]);
  });

  it('leaves no row where there are as many lines as it has, or fewer', () => {
    for (const text of ['a,b\nTotal\n', 'a,b\n', '', '\n\n'])
      expect(parse(text, { footerLines: 1 })).toEqual([]);
  });

  it('of a file in another encoding is found', async () => {
    const bytes = Buffer.from('a,b\né,2\nTOTAL é,1\n', 'utf16le');
    const rows = await rowsFromEveryRow(csv, {
      options: { encoding: 'utf16le', footerPattern: 'TOTAL é,{rows}' },
      bytes,
    });
    expect(rows.map(({ cells }) => cells)).toEqual([['é', '2']]);
  });

  it.each<[string, string, Options, string]>([
    [
      'is missing',
      'a,b\n1,2\n3,4\n',
      { footerPattern: 'TOTAL,{rows}' },
      'expected its last line to be as footer.pattern says, "TOTAL,{rows}", and none is',
    ],
    [
      'is too far up',
      'a,b\nEND\nx\ny\n',
      { footerPattern: 'END', footerLines: 2 },
      'expected one of its last 2 lines to be as footer.pattern says',
    ],
    ['is all that should be there', '', { footerPattern: 'END' }, 'expected its last line to be as'],
    [
      'counts more rows',
      'a,b\n1,2\nTOTAL,2\n',
      { footerPattern: 'TOTAL,{rows}' },
      'drop/trades.csv: its footer says 2 rows, and it has 1. Have the file sent again',
    ],
  ])('fails the file when it %s', (_, text, options, message) => {
    expect(() => parse(text, options)).toThrow(message);
  });

  it.each<[Options, string]>([
    [{ footerPattern: '{rows},{rows}' }, 'footer.pattern: expected {rows} once at most, got "{rows},{rows}"'],
    [{ footerPattern: '' }, 'footer.pattern: expected what the footer begins with, got nothing'],
    [
      { footerPattern: 'END', footerLines: 0 },
      'footer.pattern: does not go with footer.lines: 0, by which there is no footer',
    ],
  ])('that cannot be is a mistake: %j', (options, problem) => {
    expect(problemsOf(csv, options)).toEqual([problem]);
  });

  it('is counted among the lines of a file that goes on behind it', () => {
    const [batch] = pushAll(makeParser(csv, { footerLines: 2 }).open(fakeFile()), [
      Buffer.from('a\n1\nx\n\ny\n'),
    ]);
    expect(batch?.progress).toMatchObject({ position: 9, row: 1, line: 5 });
  });

  it('may be that of a file of fixed width', async () => {
    const options = { columns: ['a 1-2', 'b 3'], footerPattern: 'T{rows}' };
    const rows = await rowsFromEveryRow(fixedWidth, { options, bytes: Buffer.from('12x\n34y\nT2\n') });
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['12', 'x'],
      ['34', 'y'],
    ]);
  });
});
