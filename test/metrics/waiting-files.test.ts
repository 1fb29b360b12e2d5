import { describe, expect, test } from 'vitest';
import { WaitingFiles } from '../../src/metrics/waiting-files.ts';
import type { FileState } from '../../src/plugin/index.ts';

const OF = { connector: 'trades', task: 0 };
const ROWS = { read: 1, produced: 1, filtered: 0, rejected: 0 };

/** A task whose folder has what is told of it. */
class Folder {
  readonly waiting = new WaitingFiles();

  told(file: string, state: FileState, detail: Readonly<Record<string, unknown>> = {}): void {
    this.waiting.apply({ type: 'file.state', ...OF, file, state, detail });
  }

  delivered(path: string, diskPosition: number, eof = false): void {
    const files = [{ path, position: 10 * diskPosition, diskPosition, size: 100, rows: ROWS, eof }];
    const figures = { topics: {}, fileBytes: 0, sentBytes: 0, expired: 0, durationMs: 0 };
    this.waiting.apply({ type: 'transaction.committed', ...OF, rows: ROWS, ...figures, files });
  }

  runs(): void {
    this.waiting.apply({ type: 'task.state', ...OF, previous: 'RESTARTING', state: 'RUNNING' });
  }
}

describe('what waits in a folder', () => {
  test('is nothing at first', () => {
    expect(new Folder().waiting.lag).toEqual({ files: 0, bytes: 0, oldestMs: null });
  });

  test('are files from their discovery on, and of the one that is read what is not delivered yet', () => {
    const folder = new Folder();
    folder.told('a', 'DISCOVERED', { size: 60, discoveredMs: 2000 });
    folder.told('b', 'DISCOVERED', { size: 100, discoveredMs: 1000 });
    expect(folder.waiting.lag).toEqual({ files: 2, bytes: 160, oldestMs: 1000 });
    folder.told('b', 'SETTLING', { size: 110 });
    folder.told('b', 'READY', { size: 110 });
    expect(folder.waiting.lag).toEqual({ files: 2, bytes: 170, oldestMs: 1000 });
    folder.told('b', 'READING', { size: 110, diskPosition: 10 });
    folder.delivered('b', 50);
    expect(folder.waiting.lag).toEqual({ files: 2, bytes: 120, oldestMs: 1000 });
    folder.delivered('b', 110, true);
    expect(folder.waiting.lag).toEqual({ files: 1, bytes: 60, oldestMs: 2000 });
  });

  test.each(['DELIVERED', 'COMPLETED', 'SKIPPED', 'FAILED', 'IGNORED'] as const)(
    'is no file that is %s',
    (state) => {
      const folder = new Folder();
      folder.told('a', 'DISCOVERED', { size: 60 });
      folder.told('a', state);
      expect(folder.waiting.lag).toEqual({ files: 0, bytes: 0, oldestMs: null });
    },
  );

  test('goes on waiting while the task cannot run, and is told anew when it can', () => {
    const folder = new Folder();
    folder.told('a', 'DISCOVERED', { size: 60, discoveredMs: 1000 });
    folder.waiting.apply({ type: 'task.state', ...OF, previous: 'RUNNING', state: 'FAILED' });
    expect(folder.waiting.lag.files).toBe(1);
    folder.runs();
    expect(folder.waiting.lag.files).toBe(0);
  });
});
