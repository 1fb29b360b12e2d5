import { describe, expect, test } from 'vitest';
import type { FileState } from '../../src/plugin/index.ts';
import { FileTable } from '../../src/rest/file-table.ts';

const of = { connector: 'c', task: 0 };

function told(table: FileTable, file: string, state: FileState, detail = {}): void {
  table.apply({ type: 'file.state', ...of, file, state, detail });
}

function filesOf(table: FileTable): Record<string, FileState> {
  return Object.fromEntries(table.filesOf('c').map(({ file, state }) => [file, state]));
}

describe('the files that a worker tells of', () => {
  test('are the thousand that changed last; those with which all is well go first', () => {
    const table = new FileTable();
    told(table, 'failed', 'FAILED', { error: 'empty' });
    told(table, 'reading', 'READING');
    for (let file = 0; file < 2000; file++) told(table, `done-${file}`, 'COMPLETED');
    const files = filesOf(table);
    expect(Object.keys(files)).toHaveLength(1000);
    expect(files).toMatchObject({ failed: 'FAILED', reading: 'READING', 'done-1999': 'COMPLETED' });
    expect(files).not.toHaveProperty('done-0');
  });

  test('are at most a thousand even when all of them failed', () => {
    const table = new FileTable();
    for (let file = 0; file < 1001; file++) told(table, `failed-${file}`, 'FAILED', { error: 'empty' });
    const files = filesOf(table);
    expect(Object.keys(files)).toHaveLength(1000);
    expect(files).not.toHaveProperty('failed-0');
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

  test('are nobody of a connector that is not there', () => {
    expect(new FileTable().filesOf('__proto__')).toEqual([]);
  });
});
