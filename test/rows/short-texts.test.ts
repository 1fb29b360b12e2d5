import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CellTexts } from '../../src/rows/cell-texts.ts';
import { ShortTexts } from '../../src/rows/short-texts.ts';
import { cellsOf } from './cells-of.ts';

const ROWS_OF_A_TRIAL = 4096;

/** Reads a column of the texts, one a row, as a plan's records do. */
function readAll(texts: readonly string[]): string[] {
  const cells = cellsOf(texts);
  const cellTexts = new CellTexts(1, texts.length, cells.bytes.length);
  const short = new ShortTexts(0);
  return texts.map((_, row) => short.text(cells, 2 * row, cellTexts));
}

describe('the texts of a column', () => {
  it('are those of its cells, whatever they are', () => {
    const few = fc.constantFrom(
      'a',
      'a\0',
      '\0a',
      'aaaa',
      'aaaaa',
      'aaaa\0',
      'aaaaaaa',
      'aaaaaaaa',
      'é',
      'éa',
      'ab',
      'ba',
    );
    const text = fc.oneof(
      few,
      fc.string({ minLength: 1, maxLength: 9 }),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 60 }), (texts) => {
        const expected = texts.map((one) => Buffer.from(one).toString());
        expect(readAll(texts)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('are those of its cells when there are more values than are remembered', () => {
    const texts = Array.from({ length: 3 * ROWS_OF_A_TRIAL }, (_, row) => `S${(row * 7919) % 5000}`);
    expect(readAll(texts)).toEqual(texts);
  });
});
