import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Transformation } from '../../../src/plugin/index.ts';
import { batchOf } from '../../../src/testing/batch-of.ts';
import lookup from '../../../transforms/lookup/index.ts';
import { logLines } from '../shared/log-lines.ts';
import { stageOf, statesOf } from '../shared/stages.ts';
import { makeTransformation, recordOf } from '../support.ts';

/** Long enough for two looks at the file on a busy machine. */
const SOON = { timeout: 20_000, interval: 50 };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'headrace-reload-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

async function lookupIn(
  file: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Transformation> {
  const columns = { key: 'symbol', fields: ['company_id'] };
  const transformation = await makeTransformation(lookup, { file, ...columns, ...options });
  onTestFinished(() => transformation.close?.());
  return transformation;
}

function companyOf(transformation: Transformation, symbol: string): unknown {
  const record = recordOf({ symbol });
  transformation.apply(record);
  return (record.value as Record<string, unknown>).company_id;
}

/** By when every file has been looked at again: they all are at the same pace. */
async function anotherLook(): Promise<void> {
  const file = join(folder(), 'other.csv');
  writeFileSync(file, table(1));
  const other = await lookupIn(file);
  writeFileSync(file, table(2));
  await vi.waitFor(() => expect(companyOf(other, 'BHP')).toBe('2'), SOON);
}

const table = (id: number) => `symbol,company_id\nBHP,${id}\n`;

it('a reference file that changes is read again while the task runs', async () => {
  const lines = logLines();
  const file = join(folder(), 'companies.csv');
  writeFileSync(file, table(1));
  const transformation = await lookupIn(file);
  expect(companyOf(transformation, 'BHP')).toBe('1');
  writeFileSync(file, `${table(2)}RIO,3\n`);
  await vi.waitFor(() => expect(companyOf(transformation, 'BHP')).toBe('2'), SOON);
  writeFileSync(`${file}.new`, table(4));
  renameSync(`${file}.new`, file);
  await vi.waitFor(() => expect(companyOf(transformation, 'BHP')).toBe('4'), SOON);
  expect(lines).toEqual([
    { level: 'info', message: 'reference file read', file, rows: 1 },
    { level: 'info', message: 'reference file read again', file, rows: 2 },
    { level: 'info', message: 'reference file read again', file, rows: 1 },
  ]);
});

it('one that is broken or gone leaves the rows from before in force, says so once, and is taken when it is mended', async () => {
  const lines = logLines();
  const errors = () => lines.filter(({ level }) => level === 'error').map(({ reason }) => reason);
  const file = join(folder(), 'companies.csv');
  writeFileSync(file, table(1));
  const transformation = await lookupIn(file);
  writeFileSync(file, 'symbol,id\nBHP,2\n');
  await vi.waitFor(() => expect(errors()).toHaveLength(1), SOON);
  await anotherLook();
  expect(errors()).toHaveLength(1);
  rmSync(file);
  await vi.waitFor(() => expect(errors()).toHaveLength(2), SOON);
  expect(companyOf(transformation, 'BHP')).toBe('1');
  writeFileSync(file, table(3));
  await vi.waitFor(() => expect(companyOf(transformation, 'BHP')).toBe('3'), SOON);
  expect(errors()).toEqual([
    expect.stringContaining('expected a column "company_id", got "symbol", "id"'),
    expect.stringContaining('no such file'),
  ]);
});

it('nobody looks at the file after the task has ended', async () => {
  const lines = logLines();
  const file = join(folder(), 'companies.csv');
  writeFileSync(file, table(1));
  const ended = await lookupIn(file);
  await ended.close?.();
  writeFileSync(file, table(2));
  await anotherLook();
  expect(companyOf(ended, 'BHP')).toBe('1');
  expect(lines.filter((line) => line.message === 'reference file read again' && line.file === file)).toEqual(
    [],
  );
});

it('a row keeps what the file said of it, however late its record is asked for', async () => {
  const file = join(folder(), 'companies.csv');
  writeFileSync(file, table(1));
  const transformation = await lookupIn(file, { onMissing: 'reject' });
  const stage = stageOf(transformation);
  const before = batchOf([{ symbol: 'BHP' }, { symbol: 'BHP' }, { symbol: 'RIO' }]);
  await stage.run(before);
  writeFileSync(file, 'symbol,company_id\nRIO,3\n');
  await vi.waitFor(() => expect(companyOf(transformation, 'RIO')).toBe('3'), SOON);
  const after = batchOf([{ symbol: 'BHP' }, { symbol: 'RIO' }]);
  await stage.run(after);
  expect(statesOf(before)).toEqual(['cells', 'cells', 'LookupMissed']);
  expect(statesOf(after)).toEqual(['LookupMissed', 'cells']);
  expect(before.record(1)?.value).toEqual({ symbol: 'BHP', company_id: '1' });
  expect(after.record(1)?.value).toEqual({ symbol: 'RIO', company_id: '3' });
});
