import { beforeEach, describe, expect, test } from 'vitest';
import { judged } from '../../src/load/job-end.ts';
import { JobTracker } from '../../src/load/job-tracker.ts';
import type { FileState } from '../../src/plugin/index.ts';
import type { RowCounts } from '../../src/runtime/events/events.ts';

const of = { connector: 'job', task: 0 };
const done = { state: 'COMPLETED', error: null } as const;
const a = { path: '/a.csv', shown: 'a.csv', absolute: '/a.csv', bytes: 100 };
const b = { path: '/b.csv', shown: 'b.csv', absolute: '/b.csv', bytes: 50 };
let tracker: JobTracker;

beforeEach(() => {
  tracker = new JobTracker([a, b]);
});

function rows(produced: number, rejected = 0): RowCounts {
  return { read: produced + rejected, produced, filtered: 0, rejected };
}

function fileState(file: string, state: FileState, detail: Record<string, unknown> = {}): void {
  tracker.apply({ type: 'file.state', ...of, file, state, detail });
}

/** `inAll` are the file's rows as of this commit, `now` those of the commit itself. */
function commit(file: string, now: RowCounts, inAll: RowCounts, position: number, eof = false): void {
  tracker.apply({
    type: 'transaction.committed',
    ...of,
    rows: now,
    topics: { trades: now.produced },
    fileBytes: 10,
    sentBytes: 0,
    expired: 0,
    durationMs: 0,
    files: [{ path: file, position, diskPosition: position, size: null, rows: inAll, eof }],
  });
}

describe('a job is accounted for by events', () => {
  test('rows of this run and of earlier ones are told apart', () => {
    fileState('/a.csv', 'READING', { position: 40, diskPosition: 40, row: 4, produced: 3, rejected: 1 });
    expect(tracker.rows).toEqual(rows(3, 1));
    expect(tracker.run).toEqual(rows(0));
    commit('/a.csv', rows(5), rows(8, 1), 90);
    expect(tracker.rows).toEqual(rows(8, 1));
    expect(tracker.run).toEqual(rows(5));
    expect(tracker.topics).toEqual({ trades: 5 });
  });

  test('files that were delivered before count as done, with their rows', () => {
    fileState('/b.csv', 'COMPLETED', { rows: 7, produced: 7, position: 50, unread: true });
    expect(tracker.rows).toEqual(rows(7));
    expect(tracker.run).toEqual(rows(0));
    expect(tracker.files[1]).toMatchObject({ state: 'COMPLETED', bytes: 50, diskBytes: 50 });
    fileState('/a.csv', 'SKIPPED', { rows: 2, produced: 2, position: 100, unread: true });
    expect(tracker.wasDelivered).toBe(true);
  });

  test('a commit whose answer was lost is found when the task starts again', () => {
    fileState('/a.csv', 'READING', {});
    commit('/a.csv', rows(5), rows(5), 50);
    fileState('/a.csv', 'READING', { position: 80, diskPosition: 80, row: 8, produced: 8 });
    expect(tracker.run).toEqual(rows(8));
    expect(tracker.rows).toEqual(rows(8));
    expect(tracker.runBytes).toBe(10 + 30);
    fileState('/a.csv', 'COMPLETED', { rows: 10, produced: 10, position: 100, unread: true });
    expect(tracker.run).toEqual(rows(10));
  });

  test('a task that starts again does not count twice what it finds delivered', () => {
    fileState('/a.csv', 'READING', {});
    commit('/a.csv', rows(5), rows(5), 100, true);
    fileState('/a.csv', 'COMPLETED', { rows: 5, produced: 5 });
    fileState('/a.csv', 'DISCOVERED');
    fileState('/a.csv', 'COMPLETED', { rows: 5, produced: 5, position: 100, unread: true });
    expect(tracker.run).toEqual(rows(5));
    expect(tracker.wasDelivered).toBe(false);
  });

  test('bytes on disk are never more than the file has, and all of them at its end', () => {
    fileState('/a.csv', 'READING', {});
    commit('/a.csv', rows(1), rows(1), 300);
    expect(tracker.files[0]?.diskBytes).toBe(100);
    commit('/b.csv', rows(1), rows(1), 20, true);
    expect(tracker.files[1]?.diskBytes).toBe(50);
  });
});

describe('a job is complete', () => {
  beforeEach(() => {
    for (const { path } of [a, b]) {
      fileState(path, 'READING', {});
      commit(path, rows(4, 1), rows(4, 1), 50, true);
      fileState(path, 'COMPLETED', { rows: 5, produced: 4, rejected: 1 });
    }
  });

  test('when every file is', () => {
    expect(judged(done, tracker)).toEqual(done);
    expect(judged({ state: 'STOPPED', error: null }, tracker)).toEqual(done);
  });

  test('only if the rows that the parser counted are those of which is known what became of them', () => {
    fileState('/a.csv', 'COMPLETED', { rows: 6, produced: 4, rejected: 1 });
    expect(judged(done, tracker)).toMatchObject({ state: 'FAILED', error: { code: 'ROWS_UNACCOUNTED' } });
  });

  test('only if no file was passed over', () => {
    tracker = new JobTracker([a]);
    fileState('/a.csv', 'DISCOVERED');
    expect(judged(done, tracker)).toMatchObject({
      state: 'FAILED',
      error: {
        code: 'SOURCE_UNREADABLE',
        message: 'a.csv: was not loaded; it is gone, or is no longer a file',
      },
    });
  });
});
