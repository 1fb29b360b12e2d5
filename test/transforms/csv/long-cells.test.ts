import { expect, it } from 'vitest';
import csv from '../../../transforms/csv/index.ts';
import { fakeFile, makeParser, pushAll, rowsOf } from '../support.ts';

function cut(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
}

it('A quoted cell of half a megabyte that comes in small pieces is neither copied nor read again for each', () => {
  const long = 'a line of text\n'.repeat(35_000);
  const bytes = Buffer.from(`a,b\n1,"${long}"\n2,x\n`);
  const began = performance.now();
  const rows = rowsOf(pushAll(makeParser(csv).open(fakeFile()), cut(bytes, 64)));
  expect(rows.map(({ cells, line }) => [cells?.[1]?.length, line])).toEqual([
    [long.length, 2],
    [1, 35_003],
  ]);
  expect(performance.now() - began).toBeLessThan(3000);
});

it('A file in which every line opens a quote and none closes is read in a time that grows with its size alone', () => {
  const bytes = Buffer.from(`a,b\n${'"1,2\n'.repeat(20_000)}`);
  const began = performance.now();
  const rows = rowsOf(pushAll(makeParser(csv).open(fakeFile()), cut(bytes, 16_384)));
  expect(rows).toHaveLength(20_000);
  expect(rows.filter(({ error }) => error === undefined)).toHaveLength(0);
  expect(performance.now() - began).toBeLessThan(10_000);
});

it('Two hundred thousand rows in chunks of 256 KiB keep their numbers', () => {
  const line = 'BHP,2026-01-10T09:30:00.000Z,41.25,100,buy,1000000,T10000000\n';
  const bytes = Buffer.from(
    `symbol,exchange_timestamp,price,quantity,side,sequence_number,trade_id\n${line.repeat(200_000)}`,
  );
  const batches = pushAll(makeParser(csv).open(fakeFile()), cut(bytes, 262_144));
  const last = batches.at(-1);
  expect(last?.progress).toEqual({ position: bytes.length, row: 200_000, line: 200_001, head: 71 });
  expect(last?.origin(last.rowCount - 1)).toMatchObject({
    row: 200_000,
    line: 200_001,
    offset: bytes.length - line.length,
  });
});
