import { describe, expect, test } from 'vitest';
import { parseRows } from '../../src/testing/index.ts';
import csv from '../../transforms/csv/index.ts';
import lines from '../../transforms/lines/index.ts';

const FILE = 'symbol,price\nBHP,45.12\nCBA\n"R\nIO",131.4\n';

describe('parseRows', () => {
  test('gives each row by its columns, and why another is rejected, with their lines', async () => {
    const [first, second, third] = await parseRows(csv, {}, FILE);
    expect(first).toEqual({ outcome: 'row', line: 2, row: { symbol: 'BHP', price: '45.12' } });
    expect(second).toMatchObject({ outcome: 'rejected', line: 3, rejection: { stage: 'PARSE' } });
    expect(third).toEqual({ outcome: 'row', line: 4, row: { symbol: 'R\nIO', price: '131.4' } });
  });

  test('gives the same wherever the chunks end', async () => {
    const whole = await parseRows(csv, {}, FILE);
    for (let chunkBytes = 1; chunkBytes < FILE.length; chunkBytes++)
      expect(await parseRows(csv, {}, FILE, { chunkBytes })).toEqual(whole);
  });

  test('takes bytes, and a file without any', async () => {
    expect(await parseRows(lines, {}, new Uint8Array([0x61]))).toHaveLength(1);
    expect(await parseRows(lines, {}, '')).toEqual([]);
  });

  test('tells options that a feed could not have', async () => {
    await expect(parseRows(csv, { delimeter: ';' }, FILE)).rejects.toThrow(/delimeter.*delimiter/);
  });
});
