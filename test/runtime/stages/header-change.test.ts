import { describe, expect, test } from 'vitest';
import type { HeaderRules } from '../../../src/config/connector-config.ts';
import { sourceFile } from '../../../src/dry-run/data-file.ts';
import { FileRejected, type SourceFile } from '../../../src/plugin/index.ts';
import { HeaderChange } from '../../../src/runtime/stages/header-change.ts';

const file = (path: string): SourceFile => sourceFile(path, null);

const stored = (columns: readonly string[], timestamp: number) => ({
  offset: { header: JSON.stringify(columns) },
  timestamp,
});

const quarantine: HeaderRules = { policy: 'quarantine', columns: null };

function change(rules: HeaderRules, before: ReturnType<typeof stored>[] = []): HeaderChange {
  return new HeaderChange(rules, () => before);
}

function look(headers: HeaderChange, of: SourceFile, columns: readonly string[]): void {
  headers.require(of, columns);
  headers.accept(of, columns);
}

/** What a file of these columns is given up for. */
function refusal(headers: HeaderChange, columns: readonly string[], of = file('b.csv')): string | null {
  try {
    look(headers, of, columns);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

const HEADER = ['symbol', 'price', 'qty'];
const expected = 'b.csv: header changed: expected symbol, price, qty; got ';
const mend = 'Mend the file, or if the new header is right, set expect.columns to it';

describe('a header that is not that of the file before it', () => {
  test.each([
    [['symbol', 'qty', 'price'], 'symbol, qty, price (order)'],
    [['symbol', 'price', 'qty', 'venue'], 'symbol, price, qty, venue (gained "venue")'],
    [['symbol', 'price'], 'symbol, price (lost "qty")'],
    [['symbol', 'price', 'quantity'], 'symbol, price, quantity (lost "qty"; gained "quantity")'],
    [['Symbol', 'Price', 'qty'], 'Symbol, Price, qty (lost symbol, price; gained Symbol, Price)'],
    [['symbol price qty'], '"symbol price qty" (lost symbol, price, qty; gained "symbol price qty")'],
  ])('is told in one line: %j', (columns, what) => {
    const headers = change(quarantine);
    look(headers, file('a.csv'), HEADER);
    expect(refusal(headers, columns)).toBe(`${expected}${what}. ${mend}`);
    expect(refusal(headers, HEADER)).toBeNull();
  });

  test('gives the file up with quarantine, ends the task with fail, and is nothing with map', () => {
    for (const policy of ['quarantine', 'fail', 'map'] as const) {
      const headers = change({ policy, columns: null });
      look(headers, file('a.csv'), HEADER);
      const attempt = () => look(headers, file('b.csv'), ['symbol']);
      if (policy === 'map') expect(attempt).not.toThrow();
      else expect(attempt).toThrow(expect.objectContaining({ code: 'HEADER_CHANGED', retriable: false }));
      if (policy === 'quarantine') expect(attempt).toThrow(FileRejected);
      if (policy === 'fail') expect(attempt).not.toThrow(FileRejected);
    }
  });

  test('is found by a task that starts: the last of all files counts, whichever task loaded it', () => {
    const before = [stored(HEADER, 2), { offset: { header: 7 }, timestamp: 9 }, stored(['symbol'], 1)];
    const headers = change(quarantine, before as ReturnType<typeof stored>[]);
    expect(refusal(headers, ['symbol'])).toContain('header changed: expected symbol, price, qty; got symbol');
  });

  test('does not become the one that the next is held against', () => {
    const headers = change(quarantine);
    look(headers, file('a.csv'), HEADER);
    const b = file('b.csv');
    expect(refusal(headers, ['symbol'], b)).not.toBeNull();
    expect(headers.offsetOf(b)).toEqual({});
    expect(refusal(headers, ['symbol'])).not.toBeNull();
  });

  test('is not looked for in a file that goes on behind delivered rows, which was looked at when it began', () => {
    const headers = change(quarantine, [stored(['symbol'], 1)]);
    const start = { position: 30, row: 1, line: 2, head: 17, headBytes: Buffer.alloc(17) };
    const counts = { produced: 1, filtered: 0, rejected: 0, crc32: 0 };
    const a = { ...file('a.csv'), start: { ...start, ...counts } };
    look(headers, a, HEADER);
    expect(headers.offsetOf(a)).toEqual({ header: JSON.stringify(HEADER) });
    expect(refusal(headers, HEADER)).not.toBeNull();
  });

  test('is known by its hash where it is too long to be kept', () => {
    const wide = Array.from({ length: 3000 }, (_, index) => `c${index}`);
    const headers = change(quarantine);
    const a = file('a.csv');
    look(headers, a, wide);
    const { header } = headers.offsetOf(a);
    expect(header).toMatch(/^3000 columns, sha256 [0-9a-f]{64}$/);
    expect(refusal(headers, wide.toReversed())).toContain('header changed: got c2999, c2998');
    expect(refusal(headers, wide)).toBeNull();
  });

  test('may have names that no list can hold', () => {
    const headers = change(quarantine);
    look(headers, file('a.csv'), HEADER);
    expect(refusal(headers, ['last, first'])).toContain('is right, set on.header.change: map');
  });
});

describe('the header that a feed names', () => {
  const rules: HeaderRules = { policy: 'quarantine', columns: HEADER };

  test('counts from the first file on, and whatever was loaded before', () => {
    const headers = change(rules, [stored(['symbol'], 1)]);
    expect(refusal(headers, ['symbol'])).toBe(
      `${expected}symbol (lost price, qty). Mend the file, or if the new header is right, change expect.columns to it`,
    );
    expect(refusal(headers, HEADER)).toBeNull();
  });
});
