import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowBatch } from '../../../src/rows/index.ts';
import { runFeed } from '../../../src/testing/index.ts';
import csv from '../../../transforms/csv/index.ts';
import jsonl from '../../../transforms/jsonl/index.ts';
import { fakeFile, makeParser, piecesOf, pushAll } from '../support.ts';

const folder = mkdtempSync(join(tmpdir(), 'quoted-empty-'));

/** The values of the records that a feed makes of a text; of a row that is rejected, why. */
async function loaded(text: string | Uint8Array, transforms: Readonly<Record<string, string>>) {
  const feed = join(folder, 'feed.yaml');
  const labels = [...new Set(Object.keys(transforms).map((key) => key.split('.')[0]))];
  const lines = Object.entries(transforms).map(
    ([key, value]) => `transforms.${key}: ${JSON.stringify(value)}`,
  );
  const rest = 'transforms.route.type: route\ntransforms.route.topic: t\nerrors.tolerance: all\n';
  const head = `name: f\nconnector.class: local\ninput.path: ./*\ntransforms: ${[...labels, 'route'].join()}\n`;
  writeFileSync(feed, `${head}${lines.join('\n')}\n${rest}errors.deadletterqueue.topic.name: dlq\n`);
  const rows = await runFeed(feed, text);
  return rows.map((row) => {
    if (row.outcome === 'sent') return row.records.map(({ value }) => value)[0];
    return row.outcome === 'rejected' ? row.message : row.outcome;
  });
}

const PARSE = { 'parse.type': 'csv', 'parse.quoted.empty': 'text' };

describe('quoted.empty: text', () => {
  it('tells empty quotes from nothing without a schema', async () => {
    expect(await loaded('a,b,c\n"",,x\n"","",""\n,"y",\n', PARSE)).toEqual([
      { a: '', b: null, c: 'x' },
      { a: '', b: '', c: '' },
      { a: null, b: 'y', c: null },
    ]);
  });

  it('is a value of text in a schema, and nothing to every other type', async () => {
    const schema = {
      ...PARSE,
      'schema.type': 'schema',
      'schema.trim': 'true',
      'schema.fields.a': 'string',
      'schema.fields.b': 'string',
      'schema.fields.b.optional': 'true',
      'schema.fields.n': 'long',
      'schema.fields.n.optional': 'true',
      'schema.fields.d': 'string',
      'schema.fields.d.default': '-',
    };
    expect(await loaded('a,b,n,d\n"","","",""\nx,,,\n,x,1,x\n" ","""",2," "\n', schema)).toEqual([
      { a: '', b: '', n: null, d: '' },
      { a: 'x', b: null, n: null, d: '-' },
      'Missing required fields: [a]',
      'Missing required fields: [a]',
    ]);
  });

  it('holds with other quotes, encodings, delimiters and short rows', async () => {
    const options = { 'parse.quote': "'", 'parse.delimiter': '||', 'parse.short.rows': 'fill' };
    const text = "'a'||b||c\r\n''\r\n||''\r\n'x'||''";
    const expected = [
      { a: '', b: null, c: null },
      { a: null, b: '', c: null },
      { a: 'x', b: '', c: null },
    ];
    expect(await loaded(text, { ...PARSE, ...options })).toEqual(expected);
    const utf16 = Buffer.from(text, 'utf16le');
    expect(await loaded(utf16, { ...PARSE, ...options, 'parse.encoding': 'utf16le' })).toEqual(expected);
    expect(await loaded('a,b\n  ""  ,  \n', { ...PARSE, 'parse.trim': 'true' })).toEqual([
      { a: '', b: null },
    ]);
    expect(await loaded('a,b\n"",\n', { ...PARSE, 'parse.quote': '' })).toEqual([{ a: '""', b: null }]);
  });

  it('holds for JSON lines, where null and an absent key are nothing', async () => {
    const text = '{"a":"","b":null}\n{"a":"x"}\n{"b":"","a":""}\n';
    const parse = { 'parse.type': 'jsonl', 'parse.columns': 'a, b' };
    expect(await loaded(text, { ...parse, 'parse.quoted.empty': 'text' })).toEqual([
      { a: '', b: null },
      { a: 'x', b: null },
      { a: '', b: '' },
    ]);
    expect(await loaded(text, parse)).toEqual([
      { a: '', b: '' },
      { a: 'x', b: '' },
      { a: '', b: '' },
    ]);
  });

  it('leaves rows without empty quotes cells', () => {
    const parser = makeParser(csv, { quotedEmpty: 'text' }).open(fakeFile());
    const [batch] = pushAll(parser, [Buffer.from('a,b\n"x",\n"",\n,"""y"\n')]) as [RowBatch];
    expect([0, 1, 2].map((index) => batch.isCells(index))).toEqual([true, false, true]);
  });

  it('finds them however a text is cut, in plain lines and in others', () => {
    const cell = fc.constantFrom('', '""', 'x', '"x"', '""""', '"a\nb"', '"",', ' ""', 'é');
    const row = fc.tuple(cell, cell, cell).map((cells) => cells.join(','));
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 30 }),
        (rows, length) => {
          const bytes = Buffer.from(`${rows.join('\n')}\n`);
          const options = { quotedEmpty: 'text', header: false, columns: ['a', 'b', 'c'] };
          for (const trim of [false, true]) {
            const values = (pieces: Buffer[]) =>
              pushAll(makeParser(csv, { ...options, trim }).open(fakeFile()), pieces).flatMap((batch) =>
                Array.from({ length: batch.rowCount }, (_, index) =>
                  batch.isLive(index) ? batch.record(index)?.value : null,
                ),
              );
            const whole = values([bytes]);
            expect(values(piecesOf(bytes, length))).toEqual(whole);
            const told = JSON.stringify(whole.flatMap((value) => Object.values(value ?? {})));
            expect(told).not.toContain('undefined');
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

const value = fc.oneof(
  fc.constantFrom(null, ''),
  fc.array(fc.constantFrom('a', 'é', '𝄞', ',', ';', '|', '"', "'", '\\', '\n', '\r', ' '), {
    minLength: 1,
    maxLength: 4,
  }),
);

const written = fc.record({
  rows: fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 6 }),
  delimiter: fc.constantFrom(',', ';', '||'),
  quote: fc.constantFrom('"', "'"),
  escape: fc.constantFrom(null, '\\'),
  end: fc.constantFrom('\n', '\r\n', '\r'),
  encoding: fc.constantFrom('utf8', 'utf16le'),
  length: fc.integer({ min: 1, max: 40 }),
});

/** As COPY of Postgres writes them: nothing for null, and all else in quotes where it has to be. */
function copied(text: string | null, quote: string, escapeBy: string): string {
  if (text === null) return '';
  if (/^[aé]+$/.test(text)) return text;
  const escaped = Array.from(text, (one) => (one === quote || one === escapeBy ? escapeBy + one : one));
  return quote + escaped.join('') + quote;
}

it('Values that are written as by COPY of Postgres come back, nothing and empty text among them', () => {
  fc.assert(
    fc.property(written, ({ rows, delimiter, quote, escape: escapeBy, end, encoding, length }) => {
      const values = rows.map((row) => row.map((one) => (Array.isArray(one) ? one.join('') : one)));
      const lines = values.map(
        (row) => row.map((one) => copied(one, quote, escapeBy ?? quote)).join(delimiter) + end,
      );
      const more = { header: false, columns: ['a', 'b', 'c'], skipEmptyLines: false, quotedEmpty: 'text' };
      const parser = makeParser(csv, { delimiter, quote, escape: escapeBy, encoding, ...more }).open(
        fakeFile(),
      );
      const bytes = Buffer.from(lines.join(''), encoding as BufferEncoding);
      const read = pushAll(parser, piecesOf(bytes, length)).flatMap((batch) =>
        Array.from({ length: batch.rowCount }, (_, index) => Object.values(batch.record(index)?.value ?? {})),
      );
      expect(read).toEqual(values);
    }),
    { numRuns: 500 },
  );
});

it('Without it empty quotes are an empty cell like any other', async () => {
  expect(await loaded('a,b\n"",\n', { 'parse.type': 'csv' })).toEqual([{ a: '', b: '' }]);
});

it('JSON lines keep their rows cells where nothing is empty text', () => {
  const parser = makeParser(jsonl, { quotedEmpty: 'text', columns: ['a'] }).open(fakeFile());
  const [batch] = pushAll(parser, [Buffer.from('{"a":1}\n{"a":""}\n')]) as [RowBatch];
  expect([0, 1].map((index) => batch.isCells(index))).toEqual([true, false]);
});
