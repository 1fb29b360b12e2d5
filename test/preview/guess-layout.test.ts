import { describe, expect, test } from 'vitest';
import { columnTexts, guessOf, started } from './support/guesses.ts';

interface Case {
  readonly of: string;
  readonly file: string | Buffer;
  readonly parser?: string;
  readonly options: Record<string, string>;
  readonly columns: Record<string, string>;
  readonly rows: number;
}

const CASES: readonly Case[] = [
  {
    of: 'titles, a footer and decimal commas',
    file: 'Report of x\n\na;b;c\n1;2,5;3\n4;5;6\n\nSumme;;9\n',
    options: { delimiter: ';', 'header.row': '3', 'footer.pattern': 'Summe*' },
    columns: { a: 'long', b: 'double decimal ,', c: 'long' },
    rows: 2,
  },
  {
    of: 'a footer that counts the rows',
    file: 'a,b\n1,2\n3,4\n\nTotal rows: 2\nPrinted by the back office\n',
    options: { 'footer.lines': '2', 'footer.pattern': 'Total rows: {rows}' },
    columns: { a: 'long', b: 'long' },
    rows: 2,
  },
  {
    of: 'the last row, though it begins like a footer',
    file: 'sym,date,px\nBHP,2026-01-05,45.1\nTOTAL,2026-01-05,50.2\n',
    options: {},
    columns: { sym: 'string', date: 'date', px: 'double' },
    rows: 2,
  },
  {
    of: 'a second table below, with fewer columns',
    file: 'a,b,c\n1,2,3\n4,5,6\n\nDay,Count\n1/2/26,2\n',
    options: { 'footer.lines': '2', 'footer.pattern': 'Day*' },
    columns: { a: 'long', b: 'long', c: 'long' },
    rows: 2,
  },
  {
    of: 'a sum below the rows',
    file: 'Date,Symbol,Qty,Net\n2026-01-02,BHP,100,4512.5\n2026-01-05,RIO,5,592\n,,,5104.5\n',
    options: { 'footer.lines': '1' },
    columns: { Date: 'date', Symbol: 'string', Qty: 'long', Net: 'double' },
    rows: 2,
  },
  {
    of: 'a word of footers among numbers',
    file: 'a|b\n1|2\n3|4\nEOF|2\n',
    options: { delimiter: '|', 'footer.pattern': 'EOF*' },
    columns: { a: 'long', b: 'long' },
    rows: 2,
  },
  {
    of: 'comments of several kinds',
    file: '# from the desk\na,b\n1,x\n// checked\n// twice\n2,y\n',
    options: { comment: '#, //' },
    columns: { a: 'long', b: 'string' },
    rows: 2,
  },
  {
    of: 'names of columns in a comment',
    file: '#Version: 1.0\n#Fields: date time cs-method sc-status\n2026-01-05 10:00:00 GET 200\n2026-01-05 10:00:01 POST 404\n',
    options: { delimiter: ' ', header: 'false', columns: 'date,time,cs-method,sc-status', comment: '#' },
    columns: { date: 'date', time: 'time', 'cs-method': 'string', 'sc-status': 'long' },
    rows: 2,
  },
  {
    of: 'a first line that says the delimiter',
    file: 'sep=;\na;b\n1;2,5\n3;4,5\n',
    options: {},
    columns: { a: 'long', b: 'double decimal ,' },
    rows: 2,
  },
  {
    of: 'a delimiter of several characters',
    file: 'a~|~b~|~c\n1~|~x~|~2.5\n2~|~y~|~3.5\n',
    options: { delimiter: '~|~' },
    columns: { a: 'long', b: 'string', c: 'double' },
    rows: 2,
  },
  {
    of: 'a bar as delimiter, with a column that is always empty',
    file: 'a|b|c\n1||x\n2||y\n',
    options: { delimiter: '|' },
    columns: { a: 'long', b: 'string optional', c: 'string' },
    rows: 2,
  },
  {
    of: 'a delimiter of two that are delimiters themselves',
    file: 'a;|b;|c\n1;|x;|2.5\n2;|;|3.5\n',
    options: { delimiter: ';|' },
    columns: { a: 'long', b: 'string optional', c: 'double' },
    rows: 2,
  },
  {
    of: 'two tabs between cells',
    file: 'a\t\tb\n1\t\tx\n2\t\ty\n',
    options: { delimiter: '\t\t' },
    columns: { a: 'long', b: 'string' },
    rows: 2,
  },
  {
    of: 'a delimiter that nobody expects',
    file: 'a!b!c\n1!x!2.5\n2!y!3.5\n',
    options: { delimiter: '!' },
    columns: { a: 'long', b: 'string', c: 'double' },
    rows: 2,
  },
  {
    of: 'a control character between cells',
    file: 'a\u0007b\u0007c\n1\u0007x\u00072.5\n',
    options: { delimiter: '\u0007' },
    columns: { a: 'long', b: 'string', c: 'double' },
    rows: 1,
  },
  {
    of: 'one column of times, whose colons are no delimiter',
    file: 'at\n10:00:00\n10:00:01\n',
    options: {},
    columns: { at: 'time' },
    rows: 2,
  },
  {
    of: 'quotes with a backslash before them',
    file: 'a,b\n1,"say \\"hi\\" now"\n2,"x"\n',
    options: { escape: '\\' },
    columns: { a: 'long', b: 'string' },
    rows: 2,
  },
  {
    of: 'quotes that are none',
    file: 'a,b\n1,5" pipe\n2,7" pipe\n',
    options: { 'relax.quotes': 'true' },
    columns: { a: 'long', b: 'string' },
    rows: 2,
  },
  {
    of: 'a header of two rows, whose names come twice',
    file: ';Bid;;Ask;\nSymbol;Price;Qty;Price;Qty\nBHP;1,5;2;3,5;4\nRIO;1,6;3;3,6;5\n',
    options: { delimiter: ';', 'header.row': '1-2' },
    columns: {
      Symbol: 'string',
      ...{ Bid_Price: 'double decimal ,', Bid_Qty: 'long', Ask_Price: 'double decimal ,', Ask_Qty: 'long' },
    },
    rows: 2,
  },
  {
    of: 'units below the names',
    file: 'Time,Open,Vol\n,USD,lots\n2026-01-05,1.5,3\n2026-01-06,1.6,4\n',
    options: { 'header.row': '1-2' },
    columns: { Time: 'date', Open_USD: 'double', Vol_lots: 'long' },
    rows: 2,
  },
  {
    of: 'the header again among the rows',
    file: 'a,b\n1,x\n2,y\na,b\n3,z\n',
    options: { 'skip.repeated.headers': 'true' },
    columns: { a: 'long', b: 'string' },
    rows: 3,
  },
  {
    of: 'a delimiter too many at the end of each row',
    file: 'a,b\n1,x,\n2,y,\n',
    options: { header: 'false', 'skip.lines': '1', columns: 'a,b,column_3' },
    columns: { a: 'long', b: 'string' },
    rows: 2,
  },
  {
    of: 'names of rows without a name above them',
    file: 'a,b\nr1,1,x\nr2,2,y\n',
    options: { header: 'false', 'skip.lines': '1', columns: 'column_1,a,b' },
    columns: { column_1: 'string', a: 'long', b: 'string' },
    rows: 2,
  },
  {
    of: 'years as names of columns',
    file: 'Country,2020,2021\nAU,1.5,2.5\nNZ,2,3\n',
    options: {},
    columns: { '2020': 'double', '2021': 'double', Country: 'string' },
    rows: 2,
  },
  {
    of: 'rows that are too short, and rows of nothing',
    file: 'a,b,c\n1,2,3\n4,5\n,,\n6,7,8\n',
    options: { 'skip.empty.rows': 'true', 'short.rows': 'fill' },
    columns: { a: 'long', b: 'long', c: 'long optional' },
    rows: 3,
  },
  {
    of: 'rows of one kind among others',
    file: 'H,20260105,VENDOR\nD,BHP,45.12,100\nD,RIO,118.4,5\nT,2\n',
    options: { section: 'D', header: 'false', columns: 'column_1,column_2,column_3,column_4' },
    columns: { column_1: 'string', column_2: 'string', column_3: 'double', column_4: 'long' },
    rows: 2,
  },
  {
    of: 'fields that are listed before the rows',
    file: 'START-OF-FILE\nSTART-OF-FIELDS\nPX_LAST\nNAME\nEND-OF-FIELDS\nSTART-OF-DATA\nBHP AU|0|2|45.12|BHP|\nRIO AU|0|2|N.A.|RIO|\nEND-OF-DATA\nEND-OF-FILE\n',
    options: {
      ...{ delimiter: '|', header: 'false', 'skip.lines': '6' },
      columns: 'security,return_code,field_count,PX_LAST,NAME,column_6',
      ...{ 'footer.lines': '2', 'footer.pattern': 'END-OF-DATA*' },
    },
    columns: {
      ...{ security: 'string', return_code: 'long', field_count: 'long', PX_LAST: 'double optional' },
      ...{ NAME: 'string', column_6: 'string optional' },
    },
    rows: 2,
  },
  {
    of: 'lines of CR alone',
    file: 'a,b\r1,2\r3,4\r',
    options: {},
    columns: { a: 'long', b: 'long' },
    rows: 2,
  },
  {
    of: 'Cyrillic',
    file: Buffer.from([
      0xc8, 0xec, 0xff, 0x3b, 0x61, 0x0a, 0xc8, 0xe2, 0xe0, 0xed, 0xee, 0xe2, 0x3b, 0x31, 0x0a,
    ]),
    options: { delimiter: ';', encoding: 'windows-1251' },
    columns: { Имя: 'string', a: 'long' },
    rows: 1,
  },
  {
    of: 'fixed places below a line for each column',
    file: 'SYMBOL  PRICE   QTY\n------- ------- ---\nBHP       45.12  10\nCBA GRP  131.40  12\n',
    parser: 'fixed-width',
    options: { columns: 'SYMBOL 1-8, PRICE 9-15, QTY 16-', 'skip.lines': '2', 'short.lines': 'fill' },
    columns: { SYMBOL: 'string', PRICE: 'double', QTY: 'long' },
    rows: 2,
  },
  {
    of: 'fixed places below titles',
    file: 'PRICES AS OF 01/02/26 06:00 PM (CST)\nSYMBOL      PRICE SIDE\nBHP      0045.120 B\nRIO      0118.300 S\n',
    parser: 'fixed-width',
    options: { columns: 'SYMBOL 1-9, PRICE 10-18, SIDE 19-', 'skip.lines': '2', 'short.lines': 'fill' },
    columns: { SYMBOL: 'string', PRICE: 'double', SIDE: 'string' },
    rows: 2,
  },
  {
    of: 'entries of a log',
    file: '2026-01-05 10:00:00 INFO Server started on port 80\n2026-01-05 10:00:01 WARN Disk is nearly full\n\tat foo.bar\n',
    parser: 'lines',
    options: {},
    columns: { line: 'string' },
    rows: 3,
  },
];

describe('the guess of how a file is made', () => {
  test.each(CASES)(
    'finds $of, and loads every row',
    async ({ file, parser = 'csv', options, columns, rows }) => {
      const { guess, rows: shown } = await started(file);
      expect(guess).toMatchObject({ parser, check: { rows, isWhole: true, rejected: 0 } });
      expect(guess.options).toEqual(options);
      expect(columnTexts(guess)).toEqual(columns);
      expect(shown.map(({ outcome }) => outcome.kind)).toEqual(Array(rows).fill('sent'));
    },
  );

  test('says what it passes over, and what a change would be', async () => {
    const { doubts } = await guessOf('Report of x\n\na;b\n1;2\n4;5\n\nSumme;9;\n');
    expect(doubts.map(({ text }) => text)).toEqual([
      'the first 2 lines are passed over (Report of x)',
      'the last line is taken for a footer (Summe;9;); without footer.pattern it is a row',
    ]);
    const { doubts: short } = await guessOf('a,b,c\n1,2,3\n4,5\n6,7,8\n');
    expect(short).toEqual([
      {
        text: 'line 3 has fewer cells than there are columns; empty ones are put at their end',
        change: { 'short.rows': 'reject' },
      },
    ]);
  });

  test('names a row that has too many cells', async () => {
    const { check } = await guessOf('a,b\n1,2\n3,4,5\n6,7\n');
    expect(check).toMatchObject({ rows: 3, rejected: 1, left: [{ row: 2, line: 3, choices: [] }] });
  });

  test('sees what comes late: a header again, an encoding, a short row', async () => {
    const many = Array.from({ length: 4_000 }, (_, row) => `${row},some text of row ${row}\n`).join('');
    const late = Buffer.concat([
      Buffer.from(`id,text\n${many}id,text\n1,caf`),
      Buffer.from([0xe9]),
      Buffer.from('\n2\n3,x\n'),
    ]);
    const { options, check, columns } = await guessOf(late);
    expect(options).toEqual({
      encoding: 'windows-1252',
      'skip.repeated.headers': 'true',
      'short.rows': 'fill',
    });
    expect(check).toMatchObject({ rows: 4_003, isWhole: true, rejected: 0 });
    expect(columns).toMatchObject([{ type: 'long' }, { type: 'string', optional: true }]);
  });
});
