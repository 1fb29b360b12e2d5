import { expect, it, onTestFinished, vi } from 'vitest';
import type { RowBatch } from '../../../src/rows/index.ts';
import csv from '../../../transforms/csv/index.ts';
import source from '../../../transforms/source/index.ts';
import { stageOf, statesOf } from '../shared/stages.ts';
import { fakeFile, makeParser, makeTransformation, pushAll } from '../support.ts';

const FIELDS = [
  '_source_file',
  '_source_name',
  '_source_line',
  '_source_row',
  '_source_offset',
  '_ingested_at',
];

function readRows(rowCount: number, file: string): RowBatch {
  const start = {
    position: 99_999,
    row: 998,
    line: 999,
    head: 7,
    produced: 0,
    filtered: 0,
    rejected: 0,
    crc32: 0,
  };
  const parser = makeParser(csv).open(fakeFile({ ...start, headBytes: Buffer.from('symbol\n') }, file));
  return pushAll(parser, [Buffer.from('BHP\n'.repeat(rowCount))])[0] as RowBatch;
}

const values = (batch: RowBatch) =>
  Array.from({ length: batch.rowCount }, (_, row) => batch.record(row)?.value);

it('each row keeps where it came from and when, however late its record is asked for', async () => {
  vi.useFakeTimers({ now: Date.parse('2026-01-10T09:30:00.123Z'), toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const stage = stageOf(await makeTransformation(source, { fields: FIELDS }));
  const first = readRows(3, 'drop/é.csv');
  await stage.run(first);
  vi.setSystemTime(Date.parse('2026-01-10T09:30:01Z'));
  const second = readRows(1, 'drop/b.csv');
  await stage.run(second);
  vi.setSystemTime(Date.parse('2030-01-01T00:00:00Z'));
  expect([...statesOf(first), ...statesOf(second)]).toEqual(['cells', 'cells', 'cells', 'cells']);
  expect(values(first)).toEqual(
    [0, 1, 2].map((row) => ({
      symbol: 'BHP',
      _source_file: 'drop/é.csv',
      _source_name: 'é.csv',
      _source_line: BigInt(1000 + row),
      _source_row: BigInt(999 + row),
      _source_offset: BigInt(99_999 + 4 * row),
      _ingested_at: '2026-01-10T09:30:00.123Z',
    })),
  );
  expect(values(second)).toMatchObject([
    { _source_file: 'drop/b.csv', _source_name: 'b.csv', _ingested_at: '2026-01-10T09:30:01.000Z' },
  ]);
});

it('a field that the file has already makes records of its rows', async () => {
  const stage = stageOf(await makeTransformation(source, { fields: ['_source_row'] }));
  const parser = makeParser(csv).open(fakeFile());
  const batch = pushAll(parser, [Buffer.from('symbol,_source_row\nBHP,\nRIO,7\n')])[0] as RowBatch;
  await stage.run(batch);
  expect(statesOf(batch)).toEqual(['record', 'DuplicateField']);
});
