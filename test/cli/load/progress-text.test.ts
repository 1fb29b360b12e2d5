import { describe, expect, test } from 'vitest';
import { progressText } from '../../../src/cli/load/progress-text.ts';
import type { LoadProgress } from '../../../src/load/load-progress.ts';
import { page } from '../../docs/markdown.ts';

const rows = { read: 826_000, produced: 825_835, filtered: 0, rejected: 165 };
const progress: LoadProgress = {
  phase: 'LOADING',
  reason: null,
  job: 'trades-load',
  file: 'in/trades.csv',
  filesDone: 0,
  fileCount: 1,
  bytes: 53_500_000,
  totalBytes: 100_014_215,
  rows,
  run: rows,
};
const speed = { rows: 326_739, bytes: 21_200_000 };
const terms = { width: 110, elapsedMs: 4000, paint: (_: string, text: string) => text };

describe('the line of progress', () => {
  test('tells file, share, bytes, speed, the time that is left and rejected rows, as in docs/load.md', () => {
    const text = progressText(progress, speed, terms);
    expect(text).toBe(
      'trades.csv  53%  ━━━━━━━━━━━━━━━━──────────────  53.5 MB of 100 MB  326,739 rows/s  ETA 0:03  165 rejected',
    );
    expect(page('docs/load.md').text).toContain(text);
  });

  test('tells which of several files it is, and how much of all of them is done', () => {
    const text = progressText({ ...progress, fileCount: 5, filesDone: 1 }, speed, terms);
    expect(text).toMatch(/^trades-load {2}53% {2}━.* {2}file 2 of 5: trades\.csv {2}/);
  });

  test('has a bar unless the terminal is narrow', () => {
    for (const width of [74, 80, 100, 120]) {
      expect(progressText({ ...progress, fileCount: 5 }, speed, { ...terms, width })).toMatch(/━─/);
    }
    expect(progressText(progress, speed, { ...terms, width: 60 })).not.toContain('━');
  });

  test('promises nothing before the speed is known', () => {
    const text = progressText({ ...progress, bytes: 0, rows: { ...rows, rejected: 0 } }, null, terms);
    expect(text).toBe('trades.csv   0%  ──────────────────────────────  0 B of 100 MB');
  });

  test.each([200, 110, 80, 60, 40, 20, 13])(
    'fits a terminal of %i columns, and so does the ^C after it',
    (width) => {
      const several = {
        ...progress,
        fileCount: 1200,
        filesDone: 1100,
        file: 'a-file-of-a-very-long-name-indeed-2026.csv',
      };
      for (const each of [progress, several, { ...several, phase: 'STOPPING' as const }]) {
        expect(progressText(each, speed, { ...terms, width }).length).toBeLessThanOrEqual(width - 3);
      }
    },
  );

  test('keeps the share to the last, where the terminal is narrow', () => {
    expect(progressText(progress, speed, { ...terms, width: 20 })).toBe('trades.csv  53%');
  });

  test('tells what is waited for, and for how long, on one line whatever the reason holds', () => {
    const waiting = { ...progress, phase: 'WAITING' as const, reason: 'Kafka is\naway\x1b[31m' };
    expect(progressText(waiting, null, terms)).toBe(
      'trades.csv  53%  waiting 0:04: Kafka is\\naway\\u001b[31m',
    );
  });

  test('tells of Kafka that is away, as in docs/load.md', () => {
    const reason =
      'Kafka cannot be reached: none of bootstrap.servers "127.0.0.1:23547" answered. Connecting to';
    const waiting = { ...progress, phase: 'WAITING' as const, reason, bytes: 57_900_000 };
    const text = progressText(waiting, null, { ...terms, width: 112, elapsedMs: 4800 });
    expect(page('docs/load.md').text).toContain(`\n${text}\n`);
  });

  test('shows a file name with control characters as text', () => {
    expect(progressText({ ...progress, file: 'a\x1b[2Jb.csv' }, null, terms)).not.toContain('\x1b');
  });

  test('is full when there is nothing to load', () => {
    expect(progressText({ ...progress, bytes: 0, totalBytes: 0 }, null, { ...terms, width: 60 })).toContain(
      '━━━',
    );
  });
});
