import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runFeed } from '../../../src/testing/index.ts';
import csv from '../../../transforms/csv/index.ts';
import fixedWidth from '../../../transforms/fixed-width/index.ts';
import { blocksOf, page } from '../../docs/markdown.ts';
import { folderWith } from '../../feed-tests/support.ts';
import { rowsFromEveryRow } from '../cut-files.ts';
import { fakeFile, makeParser, piecesOf, pushAll, rowsOf } from '../support.ts';

type Options = Readonly<Record<string, unknown>>;

const STATEMENT = `Statement,Header,Field,Value
Statement,Data,Title,"Activity, ""all"""
Trades,Header,Symbol,Quantity,Price
Trades,Data,BHP,100,45.12
Cash,Data,AUD,"12
Trades of 2025,x"
"Trades",Data,RIO,-5,118.40
Trades,Data,short
TradesX,Data,no,1,1
Cash,Data,USD,7
Trades,Total,,95,
`;

async function tableOf(text: string, options: Options) {
  const rows = await rowsFromEveryRow(csv, { options, bytes: Buffer.from(text) });
  const last = pushAll(makeParser(csv, options).open(fakeFile()), [Buffer.from(text)]).at(-1);
  return {
    columns: last?.columns,
    rows: rows.map(({ line, cells, error }) => [line, ...(cells ?? [error])]),
  };
}

/** What a feed of the documentation makes of a text: topic, key and value of each record, or what became of the row. */
async function sent(name: string, text: string) {
  const block = blocksOf(page('docs/parsers.md')).find((one) => one.text.startsWith(`name: ${name}\n`));
  const feed = join(folderWith({ 'feed.yaml': block?.text ?? '' }), 'feed.yaml');
  return (await runFeed(feed, text)).flatMap((row) =>
    row.outcome === 'sent'
      ? row.records.map(({ topic, key, value }) => [topic, key, value])
      : [[row.outcome]],
  );
}

describe('several sections in one feed', () => {
  const text =
    blocksOf(page('docs/parsers.md')).find((one) => one.text.startsWith('Statement,Data'))?.text ?? '';

  it('have columns and topics of their own, in the order of the file', async () => {
    expect(await sent('statements', `${text}Trades,Data,CBA,x,1\n`)).toEqual([
      ['filtered'],
      ['statement-trades', 'BHP', { symbol: 'BHP', quantity: 100n, price: '45.12' }],
      ['statement-trades', 'RIO', { symbol: 'RIO', quantity: -5n, price: '118.40' }],
      ['filtered'],
      ['filtered'],
      ['statement-cash', 'AUD', { currency: 'AUD', amount: '7310.00' }],
      ['rejected'],
    ]);
  });
});

describe('a section of a file', () => {
  it('has a header of its own, and all lines of other sections are passed over', async () => {
    expect(await tableOf(STATEMENT, { section: ['Trades'] })).toEqual({
      columns: ['Trades', 'Header', 'Symbol', 'Quantity', 'Price'],
      rows: [
        [4, 'Trades', 'Data', 'BHP', '100', '45.12'],
        [7, 'Trades', 'Data', 'RIO', '-5', '118.40'],
        [8, 'TooFewCells: expected 5 cells (Trades, Header, Symbol, Quantity, Price), got 3'],
        [11, 'Trades', 'Total', '', '95', ''],
      ],
    });
  });

  it('has columns of its own without a header, and may be several', async () => {
    const text = 'H;20260105\nT;BHP;1\nQ;BHP;2\nX;9;9\nT;RIO;3\nF;3\n';
    const options = { section: ['T', 'Q'], delimiter: ';', header: false, columns: ['kind', 'symbol', 'n'] };
    expect((await tableOf(text, options)).rows).toEqual([
      [2, 'T', 'BHP', '1'],
      [3, 'Q', 'BHP', '2'],
      [5, 'T', 'RIO', '3'],
    ]);
    const counted = { ...options, footerPattern: 'F;{rows}' };
    expect((await tableOf(text, counted)).rows).toHaveLength(3);
  });

  it('is known by the delimiter that the file tells, by a cell that is all there is, and in another encoding', async () => {
    expect((await tableOf('sep=|\nT|n\nT|1\nT,2\n', { section: ['T'] })).rows).toEqual([[3, 'T', '1']]);
    expect((await tableOf('T\nT\nU\n', { section: ['T'] })).rows).toEqual([[2, 'T']]);
    const bytes = Buffer.from('é,n\ne,1\né,2\n', 'utf16le');
    const rows = await rowsFromEveryRow(csv, { options: { section: ['é'], encoding: 'utf16le' }, bytes });
    expect(rows.map(({ cells }) => cells)).toEqual([['é', '2']]);
  });

  it('has its header early in the file, or columns by the options', async () => {
    const text = `${'X,1\n'.repeat(500)}T,n\nT,2\n`;
    const options = { section: ['T'], maxRecordBytes: 100 };
    const read = (more: Options) =>
      pushAll(makeParser(csv, { ...options, ...more }).open(fakeFile()), piecesOf(Buffer.from(text), 300));
    expect(() => read({})).toThrow(
      'has no header within 1600 bytes, 16 times max.record.bytes; where a section',
    );
    const rows = rowsOf(read({ header: false, columns: ['kind', 'n'] })).map(({ cells }) => cells);
    expect(rows).toEqual([
      ['T', 'n'],
      ['T', '2'],
    ]);
  });

  it('is known by several first cells, each in quotes or not, one line of which may be its header', async () => {
    const text =
      'C,NEM\nI,PRICE,REGION,RRP\nI,FLOW,ID\nD,FLOW,9\nD,"PRICE",NSW1,85.12\nD,PRICES,x,1\n"D",PRICE,QLD1,-5\nD\n';
    const section = ['I + PRICE', 'D + PRICE'];
    expect(await tableOf(text, { section })).toEqual({
      columns: ['I', 'PRICE', 'REGION', 'RRP'],
      rows: [
        [5, 'D', 'PRICE', 'NSW1', '85.12'],
        [7, 'D', 'PRICE', 'QLD1', '-5'],
      ],
    });
    const told = `sep=|\n${text.replaceAll(',', '|')}`;
    expect((await tableOf(told, { section })).rows).toHaveLength(2);
    expect((await tableOf('a+b,n\n', { section: ['a+b'], header: false, columns: ['x', 'n'] })).rows).toEqual(
      [[1, 'a+b', 'n']],
    );
  });

  it('of a file of fixed width is known by how its lines begin', async () => {
    const options = { columns: ['kind 1', 'name 2-4', 'n 5'], section: ['6', '7'] };
    const rows = await rowsFromEveryRow(fixedWidth, {
      options,
      bytes: Buffer.from('101 file\n6abc1\n5x\n7def2\n9\n'),
    });
    expect(rows.map(({ line, cells }) => [line, ...(cells ?? [])])).toEqual([
      [2, '6', 'abc', '1'],
      [4, '7', 'def', '2'],
    ]);
  });
});
