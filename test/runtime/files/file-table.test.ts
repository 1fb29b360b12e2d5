import { describe, expect, test } from 'vitest';
import type { FileStatus, ToldState } from '../../../src/offsets/file-status.ts';
import type { FileState } from '../../../src/plugin/index.ts';
import { FileTable, mostFiles } from '../../../src/runtime/files/file-table.ts';

const of = { connector: 'c', task: 0 };

function told(table: FileTable, file: string, state: FileState, detail = {}): void {
  table.apply({ type: 'file.state', ...of, file, state, detail });
}

function filesOf(table: FileTable): Record<string, ToldState> {
  return Object.fromEntries(table.filesOf('c').map(({ file, state }) => [file, state]));
}

describe('the files that a worker tells of', () => {
  test('are the ten thousand that changed last; those with which all is well go first', () => {
    const table = new FileTable();
    told(table, 'failed', 'FAILED', { error: 'empty' });
    told(table, 'reading', 'READING');
    for (let file = 0; file < 20_000; file++) told(table, `done-${file}`, 'COMPLETED');
    const files = filesOf(table);
    expect(Object.keys(files)).toHaveLength(10_000);
    expect(files).toMatchObject({ failed: 'FAILED', reading: 'READING', 'done-19999': 'COMPLETED' });
    expect(files).not.toHaveProperty('done-0');
  });

  test('are at most ten thousand even when all of them failed', () => {
    const table = new FileTable();
    for (let file = 0; file < 10_001; file++) told(table, `failed-${file}`, 'FAILED', { error: 'empty' });
    const files = filesOf(table);
    expect(Object.keys(files)).toHaveLength(10_000);
    expect(files).not.toHaveProperty('failed-0');
  });

  test('are fewer of each connector where there are many', () => {
    expect([1, 10, 50, 100, 1_000].map(mostFiles)).toEqual([10_000, 10_000, 2_000, 1_000, 1_000]);
  });

  test('start anew when one comes again under its name', () => {
    const table = new FileTable();
    told(table, 'a.csv', 'FAILED', { error: 'empty' });
    told(table, 'a.csv', 'DISCOVERED', { size: 5 });
    expect(table.filesOf('c')).toMatchObject([{ state: 'DISCOVERED', size: 5, position: 0, error: null }]);
  });

  test('have a reason only as long as their task is in trouble', () => {
    const table = new FileTable();
    told(table, 'a.csv', 'READING', { size: 5, position: 0 });
    const error = { code: 'KAFKA_UNAVAILABLE', message: 'no answer', retriable: true } as const;
    table.apply({ type: 'task.state', ...of, state: 'RESTARTING', previous: 'RUNNING', error });
    expect(table.filesOf('c')).toMatchObject([{ state: 'READING', error: 'no answer' }]);
    told(table, 'a.csv', 'READING', { size: 5, position: 3 });
    expect(table.filesOf('c')).toMatchObject([{ state: 'READING', position: 3, error: null }]);
  });

  test('have the times of what became of them, and where they were put', () => {
    const table = new FileTable();
    told(table, 'a.csv', 'DISCOVERED', { size: 5 });
    told(table, 'a.csv', 'READING', { generation: 'g', discoveredMs: 1000 });
    told(table, 'a.csv', 'FAILED', { error: 'cut short', action: 'moved', target: 'failed/a.csv' });
    const [failed] = table.filesOf('c');
    expect(failed).toMatchObject({
      ...{ state: 'QUARANTINED', target: 'failed/a.csv', generation: 'g', size: 5 },
      discovered: '1970-01-01T00:00:01.000Z',
    });
    expect(failed?.finished).toBe(failed?.changed);
    told(table, 'a.csv', 'READING', { generation: 'h' });
    expect(table.filesOf('c')).toMatchObject([{ state: 'READING', finished: null, target: null }]);
  });

  test('are told of when their state changes, not with each transaction', () => {
    const changes: string[] = [];
    const table = new FileTable({ onChange: (_, { file, state }) => changes.push(`${file} ${state}`) });
    told(table, 'a.csv', 'READING');
    const rows = { read: 1, produced: 1, filtered: 0, rejected: 0 };
    const file = { path: 'a.csv', position: 3, diskPosition: 3, size: 5, rows, eof: false };
    const figures = { rows, topics: {}, fileBytes: 3, sentBytes: 1, expired: 0, durationMs: 1 };
    for (let commit = 0; commit < 3; commit++)
      table.apply({ type: 'transaction.committed', ...of, ...figures, files: [file] });
    expect(table.filesOf('c')).toMatchObject([{ state: 'READING', position: 3, rows }]);
    told(table, 'a.csv', 'COMPLETED');
    expect(changes).toEqual(['a.csv READING', 'a.csv COMPLETED']);
  });

  test('of before are there until something newer is known', () => {
    const before = new FileTable();
    told(before, 'a.csv', 'FAILED', { error: 'cut short' });
    const [kept] = before.filesOf('c');
    const table = new FileTable();
    told(table, 'b.csv', 'READING');
    table.restore('c', { ...(kept as FileStatus), file: 'b.csv', changed: '1970-01-01T00:00:00.000Z' });
    table.restore('c', kept as FileStatus);
    expect(filesOf(table)).toEqual({ 'a.csv': 'FAILED', 'b.csv': 'READING' });
  });

  test('are nobody of a connector that is not there', () => {
    expect(new FileTable().filesOf('__proto__')).toEqual([]);
  });
});
