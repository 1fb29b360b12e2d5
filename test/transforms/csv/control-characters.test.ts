import { expect, it } from 'vitest';
import csv from '../../../transforms/csv/index.ts';
import fixedWidth from '../../../transforms/fixed-width/index.ts';
import lines from '../../../transforms/lines/index.ts';
import { rowsFromEveryRow } from '../cut-files.ts';
import { fakeFile, makeParser, pushAll } from '../support.ts';

const TEXT = 'a,b\n1\0\0,"x\x01""y\x7f"\n2,"t\tu\r\nv"\n\x02,é\x1f\n3,4\n';

const read = async (options: object, text = TEXT) =>
  (await rowsFromEveryRow(csv, { options: { ...options }, bytes: Buffer.from(text) })).map(
    ({ cells, error }) => cells ?? error,
  );

it('control characters are kept unless it is said otherwise', async () => {
  expect((await read({}))[0]).toEqual(['1\0\0', 'x\x01"y\x7f']);
});

it('they are removed from cells and names, and a dead letter has the row as it stands', async () => {
  const options = { controlCharacters: 'remove' };
  expect(await read(options)).toEqual([
    ['1', 'x"y'],
    ['2', 't\tu\r\nv'],
    ['', 'é'],
    ['3', '4'],
  ]);
  const [batch] = pushAll(makeParser(csv, options).open(fakeFile()), [Buffer.from('a\0,b\n1\0,2\n')]);
  expect(batch?.columns).toEqual(['a', 'b']);
  expect(batch?.rawRow(0).toString()).toBe('1\0,2');
  expect(() => pushAll(makeParser(csv, options).open(fakeFile()), [Buffer.from('a\0,a\n')])).toThrow(
    'its header, without control characters, has columns that come more than once: "a"',
  );
});

it('rows with them are rejected, with the first one', async () => {
  const reason =
    'ControlCharacter: expected text without control characters (control.characters: reject), got';
  expect(await read({ controlCharacters: 'reject' })).toEqual([
    `${reason} U+0000 in column "a"`,
    ['2', 't\tu\r\nv'],
    `${reason} U+0002 in column "a"`,
    ['3', '4'],
  ]);
});

it('they go from text in other encodings, from many cells, and from lines', async () => {
  const wide = `${'"a\0""b",\x01c\n'.repeat(500)}`;
  const cells = await read({ controlCharacters: 'remove', header: false, columns: ['x', 'y'] }, wide);
  expect(cells).toEqual(Array(500).fill(['a"b', 'c']));
  const utf16 = Buffer.from('a,b\n1\0,é\x01\n', 'utf16le');
  const rows = await rowsFromEveryRow(csv, {
    options: { controlCharacters: 'remove', encoding: 'utf16le' },
    bytes: utf16,
  });
  expect(rows[0]?.cells).toEqual(['1', 'é']);
  const bytes = Buffer.from('ab\0c\n');
  expect(
    (await rowsFromEveryRow(lines, { options: { controlCharacters: 'remove' }, bytes }))[0]?.cells,
  ).toEqual(['abc']);
  const options = { controlCharacters: 'reject', columns: ['x 1-4'] };
  expect((await rowsFromEveryRow(fixedWidth, { options, bytes }))[0]?.error).toContain(
    'got U+0000 in column "x"',
  );
});
