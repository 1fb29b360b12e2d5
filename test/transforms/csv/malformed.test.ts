import { expect, it } from 'vitest';
import { HeadraceError } from '../../../src/plugin/index.ts';
import csv from '../../../transforms/csv/index.ts';
import { fakeFile, makeParser, problemsOf } from '../support.ts';

function failure(bytes: Buffer, options: Record<string, unknown> = {}): string {
  try {
    makeParser(csv, options).open(fakeFile()).push(bytes, true);
  } catch (error) {
    if (error instanceof HeadraceError) return `${error.code} ${error.message}`;
  }
  return 'none';
}

it.each([
  ['a,b,a,c,b\n', 'the header on line 1 has columns that come more than once: "a", "b"'],
  ['\na,,c\n', 'the header on line 2 has no name for column 2 of 3'],
  ['a,b,c,\n', 'the header on line 1 has no name for column 4 of 4: does it end with a delimiter too many?'],
  [',,\n', 'the header on line 1 has no name for columns 1, 2, 3 of 3'],
  ['"a,b\n1,2\n', 'the header on line 1 opens a quote that is not closed before the end of the file'],
  [
    'a"b,c\n',
    'the header on line 1 has a quote within a name that does not begin with one; quote the whole name',
  ],
  ['"a"b,c\n', 'the header on line 1 goes on after the closing quote of a name'],
])('A file that begins with %j cannot be parsed', (text, message) => {
  expect(failure(Buffer.from(text))).toContain('SOURCE_MALFORMED drop/trades.csv: ');
  expect(failure(Buffer.from(text))).toContain(message);
});

it.each<[string, Buffer, string, Record<string, unknown>?]>([
  ['a zip archive', Buffer.from('PK\x03\x04\x14\0\0\0'), 'is a zip archive, not rows of text; unpack it'],
  [
    'UTF-16BE without its mark',
    Buffer.from('a,b\n1,2\n', 'utf16le').swap16(),
    'looks like UTF-16BE without a byte order mark; set the encoding of the csv parser to utf16be',
  ],
  [
    'UTF-16LE without its mark',
    Buffer.from('a,b\n1,2\n', 'utf16le'),
    'looks like UTF-16LE without a byte order mark; set the encoding of the csv parser to utf16le',
  ],
  ['NULs in its header', Buffer.from('a,\0b\n1,2\n'), 'is not text, its first line has NUL bytes'],
])('A file that is %s cannot be parsed, and says what it is', (_, bytes, message) => {
  expect(failure(bytes)).toContain(`SOURCE_MALFORMED drop/trades.csv: ${message}`);
});

it('NULs in a row are characters like others, in the first row of a file without a header as well', () => {
  expect(failure(Buffer.from('a,b\n\0,2\n'))).toBe('none');
  expect(failure(Buffer.from('\0,2\n'), { header: false, columns: ['a', 'b'] })).toBe('none');
  expect(failure(Buffer.from('a,b\n1,2\n', 'utf16le'), { encoding: 'utf16le' })).toBe('none');
  expect(failure(Buffer.from('a,b\n1,2\n', 'utf16le').swap16(), { encoding: 'utf16be' })).toBe('none');
});

it('A header that is not text cannot be parsed', () => {
  expect(failure(Buffer.of(0x61, 0xff, 10))).toContain('line 1 is not text');
});

it('A line without an end fails the file before it is all in memory', () => {
  const parser = makeParser(csv, { maxRecordBytes: 100 }).open(fakeFile());
  parser.push(Buffer.from(`a,b\n${'1,2\n'.repeat(20)}`), false);
  const chunk = Buffer.alloc(400, 'x');
  for (let i = 0; i < 4; i++) expect(parser.push(chunk, false)).toBeNull();
  expect(() => parser.push(chunk, false)).toThrow('line 22 has no end within 1600 bytes');
});

it.each<[Record<string, unknown>, string]>([
  [{ delimiter: '' }, 'delimiter: expected at least one character, got nothing'],
  [{ delimiter: '\n' }, 'delimiter: must not hold a line end, which ends a row'],
  [{ delimiter: '"' }, 'delimiter: must not hold the quote "; set quote to another character, or to nothing'],
  [{ quote: '""' }, 'quote: expected one ASCII character, got "\\"\\""'],
  [{ escape: '' }, 'escape: expected one ASCII character, got ""'],
  [{ header: false }, 'columns: is required when header is false: the names of the columns, in order'],
  [
    { escape: '\\', delimiter: '|\\' },
    'delimiter: must not hold the escape \\; set escape to another character',
  ],
  [
    { headerRow: '0' },
    'header.row: expected the line of the header, or its first and last: 3, or 3-4; got "0"',
  ],
  [
    { headerRow: '4-3' },
    'header.row: expected the line of the header, or its first and last: 3, or 3-4; got "4-3"',
  ],
  [
    { headerRow: '2', header: false, columns: ['a'] },
    'header.row: does not go with header: false; skip.lines passes over lines before the rows',
  ],
  [
    { headerRow: '2', skipLines: 1 },
    'header.row: does not go with skip.lines; lines before the header are passed over',
  ],
  [{ comment: ['#', '\n'] }, 'comment: must not hold a line end, which ends a row'],
  [{ header: false, columns: ['a', 'a'] }, 'columns: columns that come more than once: "a"'],
  [{ maxRecordBytes: 0 }, 'max.record.bytes: expected at least 1, got 0: every row would be rejected'],
])('The options %j have a problem', (options, problem) => {
  expect(problemsOf(csv, options)).toEqual([problem]);
});

it('The default options have no problem', () => {
  expect(problemsOf(csv, {})).toEqual([]);
});
