import { afterEach, describe, expect, it } from 'vitest';
import { addressOf, allocate, release } from '../../src/rows/index.ts';
import csv from '../../transforms/csv/index.ts';
import { fakeFile, makeParser, pushAll } from '../transforms/support.ts';

const MEGABYTE = 1024 * 1024;
let held: Buffer[] = [];

afterEach(() => {
  for (const block of held) release(block);
  held = [];
});

/** Takes all there is. */
function exhaust(): void {
  for (let size = 128 * MEGABYTE; size >= 64; size /= 2) {
    for (let block = allocate(size); addressOf(block) !== 0; block = allocate(size)) held.push(block);
  }
}

describe('The memory that kernels reach', () => {
  it('gives blocks that do not overlap', () => {
    held = [100, 64, 1, 5000, 70_000].map((size) => allocate(size));
    for (const [index, block] of held.entries()) block.fill(index);
    for (const [index, block] of held.entries()) expect(block.every((byte) => byte === index)).toBe(true);
  });

  it('gives a block again that was given back, by itself or by a view of it', () => {
    const first = allocate(5000);
    release(first.subarray(0, 10));
    const second = allocate(4097);
    held = [second];
    expect(addressOf(second)).toBe(addressOf(first));
  });

  it('is not given back twice', () => {
    const first = allocate(5000);
    release(first);
    release(first);
    held = [allocate(5000), allocate(5000)];
    expect(addressOf(held[0] as Buffer)).not.toBe(addressOf(held[1] as Buffer));
  });

  it('is not where ordinary memory is', () => {
    expect(addressOf(Buffer.alloc(10))).toBe(0);
  });

  it('ends, and what is asked for then is ordinary memory', () => {
    exhaust();
    const block = allocate(5000);
    expect(block.length).toBe(5000);
    expect(addressOf(block)).toBe(0);
  });

  it('may be full while a file is read: its rows are the same', () => {
    const file = Buffer.from('symbol,note\nBHP,"a ""b"""\nCBA,plain\n');
    const rows = () =>
      pushAll(makeParser(csv).open(fakeFile()), [file]).flatMap((batch) =>
        Array.from({ length: batch.rowCount }, (_, row) => [batch.cell(row, 0), batch.cell(row, 1)]),
      );
    const expected = rows();
    exhaust();
    expect(rows()).toEqual(expected);
    expect(expected).toEqual([
      ['BHP', 'a "b"'],
      ['CBA', 'plain'],
    ]);
  });
});
