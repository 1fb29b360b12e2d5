import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { summaryText } from '../../../src/cli/load/summary-text.ts';
import type { JobResult, LoadResult } from '../../../src/load/load-result.ts';
import { blocksOf, page } from '../../docs/markdown.ts';

const plain = (_: string, text: string) => text;

function figures(produced: number, rejected: number, bytes: number) {
  return { rows: produced + rejected, produced, filtered: 0, rejected, bytes };
}

const all = figures(1_543_692, 308, 100_014_215);

function result(changes: Partial<LoadResult>): LoadResult {
  const state = changes.state ?? 'COMPLETED';
  const whole = { ...all, ...changes };
  const { rows, produced, filtered, rejected, bytes } = whole;
  const own = { rows, produced, filtered, rejected, bytes };
  const run = changes.run ?? own;
  const topics = { trades: run.produced };
  const files = changes.files ?? [
    { file: 'trades.csv', state: state === 'COMPLETED' ? 'COMPLETED' : 'READING', rowLimit: null, ...own },
  ];
  const job: JobResult = {
    job: 'trades-load',
    state,
    error: null,
    files,
    ...own,
    topics,
    expired: 0,
    run,
    deadLetterFile: resolve('trades-load.rejected.csv'),
    deadLetterTopic: null,
  };
  return {
    ...job,
    durationMs: 4614,
    rowsPerSecond: 334_611,
    wasDelivered: false,
    dryRun: null,
    isBegunAnew: false,
    jobs: [job],
    spool: null,
    ...changes,
  };
}

/** A capture in docs/load.md, without what comes after the table. */
function shown(note: string): string | undefined {
  return blocksOf(page('docs/load.md'))
    .find((block) => block.note === note)
    ?.text.replace(/^To (go on|load it again).*\n/m, '');
}

describe('the table is the one of docs/load.md', () => {
  test('of a load that has finished', () => {
    expect(summaryText(result({}), plain)).toBe(shown('summary'));
  });

  test('of a load that was stopped', () => {
    const part = figures(1_011_542, 202, 65_500_000);
    const stopped = result({ state: 'STOPPED', ...part, durationMs: 1872, rowsPerSecond: 540_492 });
    expect(summaryText(stopped, plain)).toBe(shown('stopped'));
  });

  test('of a load that has gone on, with columns for this run and in all', () => {
    const run = figures(532_150, 106, 34_500_000);
    const resumed = result({ run, durationMs: 1064, rowsPerSecond: 500_059 });
    expect(summaryText(resumed, plain)).toBe(shown('resumed'));
  });

  test('of a load that was finished before', () => {
    expect(summaryText(result({ wasDelivered: true, run: figures(0, 0, 0) }), plain)).toBe(shown('again'));
  });
});

test('of several files, those that are not done are named', () => {
  const part = figures(5, 0, 50);
  const files = (['COMPLETED', 'FAILED', 'READING', 'DISCOVERED'] as const).map((state) => ({
    file: `${state}.csv`,
    state,
    rowLimit: null,
    ...(state === 'DISCOVERED' ? figures(0, 0, 0) : part),
  }));
  const text = summaryText(result({ state: 'FAILED', files }), plain);
  expect(text).toMatch(/^✗ failed {2}trades-load: 1 of 4 files loaded$/m);
  expect(text).toMatch(
    /^ {2}failed {6}FAILED\.csv\n {2}in part {5}READING\.csv\n {2}not begun {3}DISCOVERED\.csv$/m,
  );
});

test('figures that do not add up are said to', () => {
  expect(summaryText(result({ rows: 7, produced: 5, rejected: 0 }), plain)).toContain(
    '✗ 7 read ≠ 5 produced + 0 filtered + 0 rejected',
  );
});
