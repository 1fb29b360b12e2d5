import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import csv from '../../../transforms/csv/index.ts';
import fixedWidth from '../../../transforms/fixed-width/index.ts';
import lines from '../../../transforms/lines/index.ts';
import { expectSameRowsFromAnyBatch, expectSameRowsHoweverCut, rowsFromEveryRow } from '../cut-files.ts';
import { fakeFile, makeParser, pushAll } from '../support.ts';

const TEXT = 'a,b\n1,x\ry\r\n2,"p\r""\nq"\r\n3,z\n\r4,w\r';

async function cellsOf(
  text: string,
  options: Readonly<Record<string, unknown>>,
  encoding: BufferEncoding = 'utf8',
) {
  const more = encoding === 'utf16le' ? { encoding } : {};
  const bytes = Buffer.from(text, encoding);
  const rows = await rowsFromEveryRow(csv, { options: { ...options, ...more }, bytes });
  return rows.map(({ line, cells, error }) => [line, ...(cells ?? [error])]);
}

describe('line.end', () => {
  it.each(['utf8', 'utf16le', 'latin1'] as const)(
    'lf leaves every CR where it stands, in %s',
    async (encoding) => {
      expect(await cellsOf(TEXT, { lineEnd: 'lf' }, encoding)).toEqual([
        [2, '1', 'x\ry\r'],
        [
          3,
          'InvalidQuote: a quoted cell goes on after its closing quote; a quote within a quoted cell must be escaped, unless relax.quotes is set',
        ],
        [
          4,
          'InvalidQuote: a quote stands within a cell that does not begin with one; quote the whole cell, or set relax.quotes',
        ],
        [5, '3', 'z'],
        [6, '\r4', 'w\r'],
      ]);
    },
  );

  it('crlf takes a lone CR and a lone LF for text', async () => {
    expect(await cellsOf('a,b\r\n1,x\ny\r\n2,"p\n""q"\r\n\n3,z\r\r\n4,w\r', { lineEnd: 'crlf' })).toEqual([
      [2, '1', 'x\ny'],
      [3, '2', 'p\n"q'],
      [4, '\n3', 'z\r'],
      [5, '4', 'w\r'],
    ]);
  });

  it('cr takes a LF for text', async () => {
    expect(await cellsOf('a,b\r1,x\ny\r2,\n\r', { lineEnd: 'cr', encoding: 'shift_jis' })).toEqual([
      [2, '1', 'x\ny'],
      [3, '2', '\n'],
    ]);
  });

  it('of a header must be what ends its line', () => {
    const read = (lineEnd: string, text: string) =>
      pushAll(makeParser(csv, { lineEnd }).open(fakeFile()), [Buffer.from(text)]);
    expect(() => read('lf', 'a,b\r\n1,2\r\n')).toThrow(
      'the header on line 1 has a name with a CR or LF in it; is line.end what ends its lines?',
    );
    expect(() => read('crlf', 'a,b\n1,2\n')).toThrow('is line.end what ends its lines?');
    const parser = makeParser(csv, { lineEnd: 'crlf', maxRecordBytes: 1 }).open(fakeFile());
    const long = [Buffer.from(`a,b\n${'1,2\n'.repeat(20)}`), Buffer.from('1,2\n')];
    expect(() => pushAll(parser, long)).toThrow(
      'line 1 has no end within 16 bytes, 16 times max.record.bytes; is line.end, crlf,',
    );
  });

  it('is of fixed width and of lines too', async () => {
    const bytes = Buffer.from('ab\rc\nd\r\n');
    const rows = await rowsFromEveryRow(lines, { options: { lineEnd: 'lf' }, bytes });
    expect(rows.map(({ cells }) => cells)).toEqual([['ab\rc'], ['d\r']]);
    const options = { lineEnd: 'lf', columns: ['a 1-2', 'b 3-'], trim: false };
    const cut = await rowsFromEveryRow(fixedWidth, { options, bytes });
    expect(cut.map(({ cells, error }) => cells ?? error)).toEqual([
      ['ab', '\rc'],
      ['d\r', ''],
    ]);
  });

  const file = fc
    .record({
      lineEnd: fc.constantFrom('lf', 'crlf', 'cr'),
      more: fc.constantFrom(
        {},
        { maxRecordBytes: 3 },
        { footerLines: 1 },
        { encoding: 'utf16le' },
        { encoding: 'utf16le', maxRecordBytes: 3 },
        { encoding: 'latin1' },
        { encoding: 'gbk' },
        { escape: '\\', delimiter: '||' },
        { controlCharacters: 'remove', quotedEmpty: 'text' },
      ),
      parts: fc.array(
        fc.constantFrom('a', 'é', ',', '"', '""', '"a",', '\\', '||', '\0', '\n', '\r', '\r\n'),
        {
          maxLength: 50,
        },
      ),
    })
    .map(({ lineEnd, more, parts }) => {
      const options = { lineEnd, header: false, columns: ['x', 'y'], ...more };
      const isUtf16 = 'encoding' in more && more.encoding === 'utf16le';
      return { options, bytes: Buffer.from(parts.join(''), isUtf16 ? 'utf16le' : 'utf8') };
    });

  it('makes the same rows however the bytes are cut', async () => {
    await expectSameRowsHoweverCut(csv, file, 1000);
  });

  it('makes the same rows when reading goes on after any batch', async () => {
    await expectSameRowsFromAnyBatch(csv, file, 1000);
  });
});
