import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cut, pad, printable, widthOf, wrap } from '../../src/terminal/text.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 80 }).map(printable);

describe('printable text', () => {
  test('has escapes for what would steer a terminal or turn the direction of text', () => {
    expect(printable('\u001b[31mred\u0007')).toBe('\\u001b[31mred\\u0007');
    expect(printable('one\r\ntwo\tthree')).toBe('one\\r\\ntwo\\tthree');
    expect(printable('\u202eabc\u009b')).toBe('\\u202eabc\\u009b');
  });

  test('keeps letters of any script', () => {
    expect(printable('Zürich 東京 👍')).toBe('Zürich 東京 👍');
  });
});

describe('the width of text', () => {
  test('counts two columns for wide characters and none for what combines', () => {
    expect(widthOf('東京')).toBe(4);
    expect(widthOf('e\u0301')).toBe(1);
    expect(widthOf('👨‍👩‍👧')).toBe(2);
  });

  test('is what it is cut and filled up to', () => {
    expect(cut('measured', 5)).toBe('meas…');
    expect(cut('東京都', 4)).toBe('東…');
    expect(pad('東京', 6)).toBe('東京  ');
    fc.assert(
      fc.property(text, fc.integer({ min: 3, max: 60 }), (any, width) => {
        expect(widthOf(cut(any, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('wrapped text', () => {
  test('breaks after spaces and commas', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('{"a":1,"b":2}', 8)).toEqual(['{"a":1,', '"b":2}']);
  });

  test('fills its lines and loses nothing but spaces at their ends', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 40 }), (any, width) => {
        const lines = wrap(any, width);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(any.replaceAll(' ', ''));
      }),
    );
  });
});
