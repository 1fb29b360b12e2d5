import { describe, expect, it } from 'vitest';
import { rawJson } from '../../src/values/exact-json.ts';
import {
  entriesOf,
  jsonInOrder,
  keepOrder,
  namesOf,
  orderedRow,
  takeOrder,
} from '../../src/values/ordered-row.ts';

const same = (value: unknown) => value;

describe('a row whose names are whole numbers', () => {
  it('is an ordinary object that has its order', () => {
    const row = orderedRow<unknown>([
      ['country', 'AU'],
      ['2020', 1],
      ['2019', 2],
    ]);
    expect(row).toEqual({ country: 'AU', '2020': 1, '2019': 2 });
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
    expect(Reflect.ownKeys(row)).toHaveLength(3);
    expect(namesOf(row)).toEqual(['country', '2020', '2019']);
    expect(jsonInOrder([row], same)).toBe('[{"country":"AU","2020":1,"2019":2}]');
  });

  it('keeps it when fields go and come', () => {
    const row: Record<string, unknown> = orderedRow([
      ['b', 1],
      ['2', 1],
      ['1', 1],
    ]);
    delete row['2'];
    Object.assign(row, { c: 2, 0: 3 });
    expect(namesOf(row)).toEqual(['b', '1', '0', 'c']);
  });

  it('gives it to a row that a function has made of it', () => {
    const row = orderedRow([
      ['b', 1],
      ['2', 1],
      ['1', 1],
    ]);
    const made = { ...row, c: 2 };
    takeOrder(made, row);
    expect(entriesOf(made)).toEqual([
      ['b', 1],
      ['2', 1],
      ['1', 1],
      ['c', 2],
    ]);
    const plain = { b: 1, x: 1, a: 1 };
    takeOrder(plain, row);
    expect(namesOf(plain)).toEqual(['b', 'x', 'a']);
  });

  it('has names of the language like any other', () => {
    const row = orderedRow([
      ['constructor', 'c'],
      ['7', 's'],
      ['__proto__', 'p'],
      ['', 'e'],
    ]);
    expect(jsonInOrder(row, same)).toBe('{"constructor":"c","7":"s","__proto__":"p","":"e"}');
  });

  it('is written as JSON.stringify does otherwise', () => {
    const strange = [
      { a: undefined, b: () => 1, c: Number.NaN, d: new Date(0), e: [undefined], f: rawJson('1.0') },
      new Map([[1, 2]]),
      null,
      'x',
    ];
    keepOrder({}, []);
    expect(jsonInOrder(strange, same)).toBe(JSON.stringify(strange));
    expect(jsonInOrder(undefined, same)).toBeUndefined();
  });
});
