import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import lines from '../../../transforms/lines/index.ts';
import { cut, expectSameRowsFromAnyBatch, expectSameRowsHoweverCut } from '../cut-files.ts';
import { fakeFile, makeParser, problemsOf, pushAll, rowsOf, type SeenRow } from '../support.ts';

function read(text: string | Buffer, options: Record<string, unknown> = {}): SeenRow[] {
  return rowsOf(pushAll(makeParser(lines, options).open(fakeFile()), [Buffer.from(text)]));
}

const texts = (rows: readonly SeenRow[]) => rows.map(({ cells }) => cells?.[0] ?? null);

describe('every line is a row of one cell', () => {
  it('whatever is in it', () => {
    const odd = ['a,b', '"open', ' spaces ', '\t', '{"a": 1}', '# no comment', '\0', 'é日𝄞'];
    expect(texts(read(odd.join('\n')))).toEqual(odd);
  });

  it('whether it ends with LF, CRLF or CR, or with the file', () => {
    expect(read('one\ntwo\r\nthree\rfour')).toEqual([
      { row: 1, line: 1, offset: 0, raw: 'one', cells: ['one'] },
      { row: 2, line: 2, offset: 4, raw: 'two', cells: ['two'] },
      { row: 3, line: 3, offset: 9, raw: 'three', cells: ['three'] },
      { row: 4, line: 4, offset: 15, raw: 'four', cells: ['four'] },
    ]);
  });

  it('also one with nothing in it, unless these are passed over', () => {
    expect(texts(read('a\n\n\nb\n'))).toEqual(['a', '', '', 'b']);
    expect(read('a\n\n\nb\n', { skipEmptyLines: true }).map(({ row, line }) => [row, line])).toEqual([
      [1, 1],
      [2, 4],
    ]);
  });

  it('with the column called as the options say', () => {
    const [batch] = pushAll(makeParser(lines, { column: 'message' }).open(fakeFile()), [Buffer.from('a')]);
    expect(batch?.record(0)?.value).toEqual({ message: 'a' });
  });
});

it('an empty file has no rows, and its column all the same', () => {
  const [batch] = pushAll(makeParser(lines).open(fakeFile()), [Buffer.alloc(0)]);
  expect(batch).toMatchObject({ rowCount: 0, columns: ['line'], eof: true });
});

it('a byte order mark is no part of the first line, and tells the encoding', () => {
  expect(texts(read('\ufeffa\nb'))).toEqual(['a', 'b']);
  expect(texts(read(Buffer.from('\ufeffé\r\nb', 'utf16le')))).toEqual(['é', 'b']);
});

it('text is read in the encoding that the options say', () => {
  expect(texts(read(Buffer.from('caf\xe9\n\x80', 'latin1'), { encoding: 'windows-1252' }))).toEqual([
    'café',
    '€',
  ]);
});

it('a line that is not text in the encoding is rejected alone, with the place of the byte', () => {
  const [good, bad, last] = read(Buffer.from('good\nb\xffd\nlast', 'latin1'));
  expect([good?.cells, last?.cells]).toEqual([['good'], ['last']]);
  expect(bad?.error).toBe(
    'InvalidUtf8: expected UTF-8, got other bytes in column "line" at byte 6 of the file',
  );
});

it('a line that is too long is rejected alone, and of a huge one the beginning is kept', () => {
  const huge = 'x'.repeat(70_000);
  const rows = read(`${huge}\nok\n${'y'.repeat(5001)}\n`, { maxRecordBytes: 5000 });
  expect(rows.map(({ error, cells }) => error ?? cells)).toEqual([
    'RecordTooLong: expected at most 5000 bytes (max.record.bytes), got 70000; the first 65536 bytes are kept',
    ['ok'],
    'RecordTooLong: expected at most 5000 bytes (max.record.bytes), got 5001',
  ]);
  expect(rows[0]?.raw).toHaveLength(65_536);
});

it('a line without an end gives the file up before it fills the memory', () => {
  const parser = makeParser(lines, { maxRecordBytes: 10 }).open(fakeFile());
  expect(() => parser.push(Buffer.from('x'.repeat(161)), false)).toThrow(
    'drop/trades.csv: line 1 has no end within 160 bytes, 16 times max.record.bytes; is it a text of lines?',
  );
});

it('a column without a name, and rows without a byte, are mistakes', () => {
  expect(problemsOf(lines, { column: '', maxRecordBytes: 0 })).toEqual([
    'column: expected a name, got nothing',
    'max.record.bytes: expected at least 1, got 0: every row would be rejected',
  ]);
});

const part = fc.constantFrom('a', 'é', '𝄞', ' ', '"', ',', '\n', '\n', '\r', '\r\n', '\n\n');
const text = fc.array(part, { maxLength: 60 }).map((parts) => parts.join(''));

it('the lines are those of a plain splitter', () => {
  fc.assert(
    fc.property(text, fc.boolean(), fc.integer({ min: 1, max: 9 }), (text, skipEmptyLines, size) => {
      const bytes = Buffer.from(text);
      const pieces = cut(bytes, Array(Math.floor(bytes.length / size)).fill(size));
      const rows = pushAll(makeParser(lines, { skipEmptyLines }).open(fakeFile()), pieces);
      const all = text.split(/\r\n|\r|\n/);
      if (all.at(-1) === '') all.pop();
      expect(texts(rowsOf(rows))).toEqual(skipEmptyLines ? all.filter((line) => line !== '') : all);
    }),
    { numRuns: 2000 },
  );
});

const options = fc.constantFrom(
  {},
  { skipEmptyLines: true },
  { maxRecordBytes: 3 },
  { encoding: 'utf16le' },
  { encoding: 'utf16be' },
  { encoding: 'windows-1252' },
  { skipLines: 1, footerLines: 2 },
  { encoding: 'auto', maxRecordBytes: 3 },
);
const file = fc.record({ options, text, bom: fc.boolean(), spoil: fc.boolean() }).map((given) => {
  const whole = (given.bom ? '\ufeff' : '') + given.text;
  const { encoding = 'utf8' } = given.options as { encoding?: string };
  const bytes = Buffer.from(whole, encoding.startsWith('utf16') ? 'utf16le' : 'utf8');
  if (encoding === 'utf16be') bytes.swap16();
  const spoiled = given.spoil ? Buffer.concat([bytes, Buffer.of(0xff, 0x2c, 0x61)]) : bytes;
  return { options: given.options, bytes: spoiled };
});

it('A title and a footer are no rows', () => {
  const read = (more: Readonly<Record<string, unknown>>, content: string) =>
    rowsOf(pushAll(makeParser(lines, more).open(fakeFile()), [Buffer.from(content)])).map(
      ({ line, cells }) => [line, ...(cells ?? [])],
    );
  const content = 'Log of 2 January\na\n\nb\nend, 3 lines\n';
  expect(read({ skipLines: 1, footerPattern: 'end, {rows} lines' }, content)).toEqual([
    [2, 'a'],
    [3, ''],
    [4, 'b'],
  ]);
  expect(() => read({ footerPattern: 'end, {rows} lines' }, content)).toThrow(
    'its footer says 3 rows, and it has 4',
  );
  expect(problemsOf(lines, { footerPattern: '{rows}{rows}' })).toHaveLength(1);
});

it('Rows are the same however the bytes are cut, and batches cover every byte once', async () => {
  await expectSameRowsHoweverCut(lines, file, 1000);
});

it('Rows are the same when reading goes on after any batch', async () => {
  await expectSameRowsFromAnyBatch(lines, file, 1000);
});
