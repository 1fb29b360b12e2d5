import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addressOf, allocate, allocateFor, release } from '../../src/rows/index.ts';
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

  it('gives a block again that was given back', () => {
    const first = allocate(5000);
    release(first);
    const second = allocate(4097);
    held = [second];
    expect(addressOf(second)).toBe(addressOf(first));
  });

  it('takes no block back twice', () => {
    const first = allocate(5000);
    release(first);
    expect(() => release(first)).toThrow(`5000 bytes at address ${addressOf(first)}`);
    held = [allocate(5000), allocate(5000)];
    expect(addressOf(held[0] as Buffer)).not.toBe(addressOf(held[1] as Buffer));
  });

  it('takes from nobody what another has by now, though it had been his', () => {
    const before = allocate(5000);
    release(before);
    const now = allocate(5000).fill('a');
    held = [now];
    expect(addressOf(now)).toBe(addressOf(before));
    expect(() => release(before)).toThrow(`at address ${addressOf(before)}`);
    held.push(allocate(5000).fill('b'));
    expect(now.every((byte) => byte === 0x61)).toBe(true);
  });

  it('takes no part of a block back', () => {
    const block = allocate(5000);
    held = [block];
    expect(() => release(block.subarray(0, 10))).toThrow('10 bytes at address');
    expect(() => release(block.subarray(10))).toThrow('4990 bytes at address');
  });

  it('has nothing to take back of ordinary memory', () => {
    const ordinary = Buffer.alloc(10);
    release(ordinary);
    release(ordinary);
    expect(addressOf(ordinary)).toBe(0);
  });

  it('takes back by itself what nobody holds the owner of, unless that is back already', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const addresses = [5000, 6000].map((size) => {
      const block = allocateFor({}, size);
      if (size === 6000) release(block);
      return addressOf(block);
    });
    held = [allocate(6000)];
    const taken = () => {
      const block = allocate(5000);
      held.push(block);
      return addressOf(block);
    };
    await vi.waitFor(() => {
      collect();
      expect(taken()).toBe(addresses[0]);
    });
    expect(addressOf(held[0] as Buffer)).toBe(addresses[1]);
    expect(() => release(held[0] as Buffer)).not.toThrow();
    held.shift();
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
