import { describe, expect, it } from 'vitest';
import csv from '../../../transforms/csv/index.ts';
import { fakeFile, makeParser, pushAll, pushBatch, rowsOf } from '../support.ts';

function parse(text: string | Buffer, options: Record<string, unknown> = {}) {
  return rowsOf(pushAll(makeParser(csv, options).open(fakeFile()), [Buffer.from(text as string)]));
}

function cellsOf(text: string | Buffer, options: Record<string, unknown> = {}) {
  return parse(text, options).map(({ cells, error }) => cells ?? error?.split(':')[0]);
}

describe('rows and cells', () => {
  it.each([
    ['LF', 'a,b\n1,2\n3,4\n'],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['CR', 'a,b\r1,2\r3,4\r'],
    ['mixed line ends', 'a,b\r1,2\n3,4\r\n'],
    ['no line end at the end', 'a,b\n1,2\n3,4'],
    ['empty lines', '\n\na,b\r\n\r\n1,2\n\n\r3,4\n\n'],
    ['quotes', '"a","b"\n"1","2"\n3,"4"\n'],
    ['a byte order mark', '\ufeffa,b\n1,2\n3,4\n'],
    ['a quoted header after a byte order mark', '\ufeff"a",b\n1,2\n3,4\n'],
  ])('are the same with %s', (_, text) => {
    expect(cellsOf(text)).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  it.each<[string, string, Record<string, unknown>, unknown[]]>([
    ['a tab that is spelled out', 'a\tb\n1\t2\n', { delimiter: '\\t' }, [['1', '2']]],
    ['a delimiter of two characters', 'a||b\n1|2||"3||4"\n', { delimiter: '||' }, [['1|2', '3||4']]],
    ['a delimiter beyond ASCII', 'a§b\n1§2\n', { delimiter: '§' }, [['1', '2']]],
    ['another quote', "a,b\n'1,''x',\"2\"\n", { quote: "'" }, [["1,'x", '"2"']]],
    ['no quote', 'a,b\n"1",2"\n', { quote: '' }, [['"1"', '2"']]],
    ['an escape', 'a,b\n"1\\"x",2\n', { escape: '\\' }, [['1"x', '2']]],
    ['lines to pass over', 'made "by\nme\na,b\n1,2\n', { skipLines: 2 }, [['1', '2']]],
    ['comments', '# "x\na,b\n#1,2\n1,2#\n', { comment: ['#'] }, [['1', '2#']]],
    ['a comment mark after a quote', 'a,b\n""#,2\n1,"2"\n', { comment: ['#'] }, ['InvalidQuote', ['1', '2']]],
    [
      'no header',
      '1,2\n3,4\n',
      { header: false, columns: ['x', 'y'] },
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['trimming', ' a , b\n 1 ," 2 " \n  \n', { trim: true }, [['1', ' 2 ']]],
    ['white space off their beginnings', ' a , b\n 1 ," 2 "\n', { trimLeft: true }, [['1 ', ' 2 ']]],
    ['white space off their ends', ' a , b\n 1 ," 2 "  \n', { trimRight: true }, [[' 1', ' 2 ']]],
    [
      'quotes that are text',
      'a,b\n5" pipe,x"y"\n"A" share,"q""r" s\n"1","2""3"\n"4, 5"6,7\n',
      { relaxQuotes: true },
      [
        ['5" pipe', 'x"y"'],
        ['"A" share', '"q""r" s'],
        ['1', '2"3'],
        ['"4, 5"6', '7'],
      ],
    ],
    [
      'quotes that are text, trimmed',
      'a,b\n "A" share , 5" \n',
      { relaxQuotes: true, trim: true },
      [['"A" share', '5"']],
    ],
    ['white space kept', 'a,b\n 1 ,2 \n', {}, [[' 1 ', '2 ']]],
    ['empty lines kept', 'a\n\n1\n', { skipEmptyLines: false }, [[''], ['1']]],
    [
      'short rows filled up',
      'a,b,c\n1\n"2",x\n\n3,y,z\n4,\n',
      { shortRows: 'fill' },
      [
        ['1', '', ''],
        ['2', 'x', ''],
        ['3', 'y', 'z'],
        ['4', '', ''],
      ],
    ],
    ['an empty line kept and filled up', 'a,b\n\n', { shortRows: 'fill', skipEmptyLines: false }, [['', '']]],
    ['long rows beside short ones', 'a,b\n1\n1,2,3\n', { shortRows: 'fill' }, [['1', ''], 'TooManyCells']],
    [
      'rows of delimiters only passed over',
      ',,\na,b\n,\n , \t\r\n1,2\n,x\n"",\n,,,\n,',
      { skipEmptyRows: true },
      [
        ['1', '2'],
        ['', 'x'],
        ['', ''],
      ],
    ],
    ['such rows of tabs', 'a\tb\n\t\n1\t2\n', { delimiter: '\\t', skipEmptyRows: true }, [['1', '2']]],
    [
      'such rows of a long delimiter',
      'a||b\n||\n|,2\n',
      { delimiter: '||', skipEmptyRows: true },
      ['TooFewCells'],
    ],
    ['white space kept of one column', 'a\n  \n', { skipEmptyRows: true }, [['  ']]],
    ['rows of delimiters only', 'a,b\n,\n', {}, [['', '']]],
    ['NUL bytes', 'a,b\n\0,"x\0y"\n', {}, [['\0', 'x\0y']]],
    ['line ends within quotes', 'a,b\n"1\r\n\r2",3\n', {}, [['1\r\n\r2', '3']]],
  ])('are read with %s', (_, text, options, expected) => {
    expect(cellsOf(text, options)).toEqual(expected);
  });

  it('know their number, line, offset and bytes', () => {
    expect(parse('# made\na,b\r\n\r\n"1\n1",é\r3,"4"', { comment: ['#'] })).toEqual([
      { row: 1, line: 4, offset: 14, raw: '"1\n1",\u00c3\u00a9', cells: ['1\n1', 'é'] },
      { row: 2, line: 6, offset: 23, raw: '3,"4"', cells: ['3', '4'] },
    ]);
  });

  it('may have columns named like what every object has', () => {
    const parser = makeParser(csv).open(fakeFile());
    const batch = pushBatch(parser, Buffer.from('__proto__,constructor,toString\n1,2,3\n'), true);
    const value = batch?.records(0)[0]?.value as object;
    expect(Object.entries(value)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
      ['toString', '3'],
    ]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('may have ten thousand columns', () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `c${i}`);
    expect(cellsOf(`${names.join()}\n${names.join()}\n1,2\n`)).toEqual([names, 'TooFewCells']);
  });

  it('come from an empty file or a header alone as nothing', () => {
    for (const text of ['', '\ufeff', '\n\n', 'a,b', 'a,b\n']) expect(parse(text)).toEqual([]);
  });
});

describe('a bad row goes alone', () => {
  it('when it has too few or too many cells', () => {
    expect(parse('a,b\n1\n1,2\n1,2,3\n"1"\n').map(({ error }) => error)).toEqual([
      'TooFewCells: expected 2 cells (a, b), got 1',
      undefined,
      'TooManyCells: expected 2 cells (a, b), got 3',
      'TooFewCells: expected 2 cells (a, b), got 1',
    ]);
  });

  it('when a quote is out of place', () => {
    const rows = parse('a,b\n1,2\na"b,c\n"a"b,c\n"x\ny"z,1\n3,4\n');
    expect(rows.map(({ raw, error }) => [raw, error?.split(':')[0]])).toEqual([
      ['1,2', undefined],
      ['a"b,c', 'InvalidQuote'],
      ['"a"b,c', 'InvalidQuote'],
      ['"x', 'InvalidQuote'],
      ['y"z,1', 'InvalidQuote'],
      ['3,4', undefined],
    ]);
  });

  it('when its quote is not closed before the end of the file', () => {
    expect(cellsOf('a,b\n1,2\n"3,4\n5,6\n7,8')).toEqual([
      ['1', '2'],
      'UnclosedQuote',
      ['5', '6'],
      ['7', '8'],
    ]);
  });

  it('when it is longer than max.record.bytes', () => {
    const text = `a,b\n${'x'.repeat(8)},1\n${'x'.repeat(9)},1\n"${'\n'.repeat(20)},2\n3,4\n`;
    expect(cellsOf(text, { maxRecordBytes: 10 })).toEqual([
      ['xxxxxxxx', '1'],
      'RecordTooLong',
      'UnclosedQuote',
      ['', '2'],
      ['3', '4'],
    ]);
  });

  it('when it is not UTF-8, with its bytes as they came', () => {
    const bad = Buffer.from('a,price\n1,2\n\ufffd,x\xff\n3,"\xfe"\n5,6\n', 'latin1');
    const replaced = Buffer.concat([Buffer.from('a,price\n1,2\n\ufffd,x'), bad.subarray(15)]);
    expect(parse(replaced).map(({ raw, error }) => error ?? raw)).toEqual([
      '1,2',
      'InvalidUtf8: expected UTF-8, got other bytes in column "a" at byte 17 of the file',
      'InvalidUtf8: expected UTF-8, got other bytes in column "price" at byte 22 of the file',
      '5,6',
    ]);
  });
});

describe('encodings', () => {
  const text = 'name,n\n"Zoë ""x""",1\nŠ€,2\n';
  it.each<[string, Buffer, Record<string, unknown>]>([
    ['UTF-8', Buffer.from(text), {}],
    ['UTF-8 by its byte order mark', Buffer.from(`\ufeff${text}`), { encoding: 'latin1' }],
    ['UTF-16LE', Buffer.from(text, 'utf16le'), { encoding: 'utf16le' }],
    ['UTF-16LE by its byte order mark', Buffer.from(`\ufeff${text}`, 'utf16le'), {}],
    ['UTF-16BE', Buffer.from(text, 'utf16le').swap16(), { encoding: 'utf16be' }],
    ['UTF-16BE by its byte order mark', Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), {}],
    [
      'windows-1252',
      Buffer.from('name,n\n"Zo\xeb ""x""",1\n\x8a\x80,2\n', 'latin1'),
      { encoding: 'windows-1252' },
    ],
    [
      'ISO 8859-15',
      Buffer.from('name,n\n"Zo\xeb ""x""",1\n\xa6\xa4,2\n', 'latin1'),
      { encoding: 'iso-8859-15' },
    ],
  ])('may be %s', (_, bytes, options) => {
    expect(cellsOf(bytes, options)).toEqual([
      ['Zoë "x"', '1'],
      ['Š€', '2'],
    ]);
  });

  it.each([
    ['windows-1250', 'c8e8', 'Čč'],
    ['windows-1251', 'cff0e8e2e5f2', 'Привет'],
    ['windows-1253', 'c5ebebdceae1', 'Ελλάκα'],
    ['windows-1254', 'ddfef0', 'İşğ'],
    ['windows-1255', 'f9ece5ed', 'שלום'],
    ['windows-1256', 'e3d1cdc8c7', 'مرحبا'],
    ['windows-1257', 'd0e0', 'Šą'],
    ['windows-1258', 'f0fe', 'đ₫'],
    ['windows-874', 'a1a2', 'กข'],
    ['iso-8859-2', 'a3f3df', 'Łóß'],
    ['iso-8859-5', 'bfe0', 'Пр'],
    ['iso-8859-7', 'c1e1', 'Αα'],
    ['iso-8859-16', 'aade', 'ȘȚ'],
    ['koi8-r', 'f0d2', 'Пр'],
    ['koi8-u', 'a4ad', 'єґ'],
    ['ibm866', '8fe0', 'Пр'],
    ['macintosh', '8a9f', 'äü'],
  ])('may be %s', (encoding, bytes, expected) => {
    const file = Buffer.concat([Buffer.from('a,b\n'), Buffer.from(bytes, 'hex'), Buffer.from(',1\n')]);
    expect(cellsOf(file, { encoding })).toEqual([[expected, '1']]);
  });

  it('reject bytes that stand for nothing in them', () => {
    const bytes = Buffer.from('a,b\n\xc1,1\n2,\xc1\xd2\n3,4\n', 'latin1');
    expect(parse(bytes, { encoding: 'iso-8859-7' }).map(({ raw, error }) => error ?? raw)).toEqual([
      '\xc1,1',
      'InvalidText: expected iso-8859-7, got other bytes in column "b" at byte 11 of the file',
      '3,4',
    ]);
  });

  it('may be latin1, all of it', () => {
    const every = Buffer.from(Array.from({ length: 256 - 160 }, (_, i) => 160 + i));
    const bytes = Buffer.concat([Buffer.from('a,b\n'), every, Buffer.from(',\x80\n', 'latin1')]);
    expect(cellsOf(bytes, { encoding: 'latin1' })).toEqual([[every.toString('latin1'), '\x80']]);
  });

  it('reject half a character of UTF-16', () => {
    const bytes = Buffer.from('a,b\n1,2\n\ud83d,x\n3,\ufffd\n4,5', 'utf16le');
    expect(cellsOf(Buffer.concat([bytes, Buffer.of(0x36)]), { encoding: 'utf16le' })).toEqual([
      ['1', '2'],
      'InvalidUtf16',
      ['3', '\ufffd'],
      'InvalidUtf16',
    ]);
  });

  it.each([
    ['one order of bytes', (bytes: Buffer) => bytes],
    ['the other', (bytes: Buffer) => Buffer.from(bytes).swap16()],
  ])('count offsets in the bytes of the file: %s', (_, inOrder) => {
    const bytes = inOrder(Buffer.from('\ufeffa\n𝄞\n"x"\ny', 'utf16le'));
    const text = (raw: string) => inOrder(Buffer.from(raw, 'latin1')).toString('utf16le');
    expect(parse(bytes).map(({ offset, raw }) => [offset, text(raw)])).toEqual([
      [6, '𝄞'],
      [12, '"x"'],
      [20, 'y'],
    ]);
  });
});
