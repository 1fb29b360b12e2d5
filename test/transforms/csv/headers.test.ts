import { describe, expect, it } from 'vitest';
import csv from '../../../transforms/csv/index.ts';
import { rowsFromEveryRow } from '../cut-files.ts';
import { fakeFile, makeParser, pushAll } from '../support.ts';

type Options = Readonly<Record<string, unknown>>;

function open(text: string, options: Options) {
  return pushAll(makeParser(csv, options).open(fakeFile()), [Buffer.from(text)]);
}

/** The columns, then the rows: the same wherever the file was interrupted. */
async function tableOf(text: string, options: Options = {}) {
  const rows = await rowsFromEveryRow(csv, { options, bytes: Buffer.from(text) });
  return [open(text, options).at(-1)?.columns, ...rows.map(({ cells, error }) => cells ?? error)];
}

describe('the header', () => {
  it.each<[string, string, Options]>([
    ['on a line of its own choice', 'Trades of "today\n\n# x\na,b\n1,2\n3,4\n', { headerRow: '4' }],
    [
      'behind title lines and comments',
      'T\nU\n# x\n// y\na,b\n1,2\n* z\n3,4\n',
      { skipLines: 2, comment: ['#', '//', '*'] },
    ],
    ['whose names do not count', 'x,x\n1,2\n3,4\n', { columns: ['a', 'b'] }],
    ['behind a line that tells the delimiter', 'sep=;\na;b\n1;2\n3;4\n', {}],
    ['behind such a line, before rows of nothing', 'sep=;\na;b\n;\n1;2\n ;\n3;4\n', { skipEmptyRows: true }],
    ['behind such a line and a mark', '\ufeffSEP=|\r\na|b\r\n1|2\r\n3|4\r\n', { delimiter: ';' }],
    ['behind such a line that is counted', 'sep=;\na;b\n1;2\n3;4\n', { headerRow: '2' }],
    ['in rows beneath it', 'a,b\n1,2\na,b\n3,4\na,b\n', { skipRepeatedHeaders: true }],
    ['in rows beneath it, quoted', '"a","b"\r\n1,2\r\n"a","b"\r\n3,4\r\n', { skipRepeatedHeaders: true }],
    [
      'in a file that needs none',
      'a,b\n1,2\n3,4\n',
      { header: false, columns: ['a', 'b'], skipRepeatedHeaders: true },
    ],
    [
      'in one that needs none, quoted',
      '"a","b"\n1,2\n3,4\n',
      { header: false, columns: ['a', 'b'], skipRepeatedHeaders: true },
    ],
    ['that is not there', '1,2\n3,4\n', { header: false, columns: ['a', 'b'], skipRepeatedHeaders: true }],
  ])('may stand %s', async (_, text, options) => {
    expect(await tableOf(text, options)).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  it('may be of several rows, in which one name stands above several columns', async () => {
    const text = 'Statement\n,Trade,,Settle\nSymbol,Date,Time,Date\n,,,(UTC)\nBHP,1,2,3\n';
    expect(await tableOf(text, { headerRow: '2-4' })).toEqual([
      ['Symbol', 'Trade_Date', 'Trade_Time', 'Settle_Date_(UTC)'],
      ['BHP', '1', '2', '3'],
    ]);
  });

  it('comes again only as a whole line, and a row that merely begins like it is one', async () => {
    expect(await tableOf('a,b\na,bc\na\n a,b\n', { skipRepeatedHeaders: true })).toEqual([
      ['a', 'b'],
      ['a', 'bc'],
      'TooFewCells: expected 2 cells (a, b), got 1',
      [' a', 'b'],
    ]);
  });

  it('may have a line end in a name, and come again with it', async () => {
    const text = '"a\nx",b\n1,2\n"a\nx",b\n3,4\n';
    expect(await tableOf(text, { skipRepeatedHeaders: true })).toEqual([
      ['a\nx', 'b'],
      ['1', '2'],
      ['3', '4'],
    ]);
    const last = await rowsFromEveryRow(csv, {
      options: { skipRepeatedHeaders: true },
      bytes: Buffer.from(text),
    });
    expect(last.map(({ line }) => line)).toEqual([3, 6]);
  });

  it('of as many columns as are named is wanted', () => {
    expect(() => open('a,b,c\n1,2,3\n', { columns: ['x', 'y'] })).toThrow(
      'the header on line 1 has 3 columns, and the option columns names 2; name as many as it has',
    );
  });

  it.each(['sep=a', 'sep=;;', 'separator', 'se'])(
    'is a first line like %j, which tells no delimiter',
    async (header) => {
      expect(await tableOf(`${header}\n1\n`)).toEqual([[header], ['1']]);
    },
  );
});
