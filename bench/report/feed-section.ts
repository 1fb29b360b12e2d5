import type { Result } from '../contest.ts';
import type { DataSet } from '../data/data-set.ts';
import type { BenchFeed } from '../feeds/feed.ts';
import type { Section } from './section.ts';
import { megabytes, micros, seconds, whole } from './units.ts';

const HEADER = [
  'loader',
  'rows/s',
  'MB/s',
  'rows/CPU s',
  'CPU µs/row',
  'after startup',
  'instructions/row',
  'peak RSS MB',
  'load s',
  'process s',
  'startup s',
  'startup CPU s',
  'records',
  'bytes/record',
  'broker CPU s',
];

/** The first result is ours; the others are what it is held against. */
export function feedSection(
  feed: BenchFeed,
  data: DataSet,
  results: readonly Result[],
  rounds: number,
): Section {
  const { rows, bytes, medianRowBytes } = data;
  return {
    title: `Feed ${feed.name}`,
    notes: [
      `${feed.doc}: ${whole(rows)} rows of ${medianRowBytes} bytes (median), ${megabytes(bytes)} MB.`,
      `${rounds === 1 ? 'One round' : `Medians of ${rounds} rounds`}, each loader in turn. CPU is user and system time of the whole process, startup included; of the broker limit that of its sending alone.`,
      results.some(({ instructionsPerRow }) => instructionsPerRow !== null)
        ? 'Instructions are those in user mode, of the whole process too, as `perf stat` counts them.'
        : 'Instructions are not counted on this machine.',
    ],
    header: HEADER,
    rows: results.map(resultRow),
    findings: ratios(results),
  };
}

function resultRow(result: Result): string[] {
  return [
    result.target,
    whole(result.rowsPerSecond),
    megabytes(result.bytesPerSecond),
    whole(result.rowsPerCpuSecond),
    micros(result.cpuMicrosPerRow),
    micros(result.steadyMicrosPerRow),
    result.instructionsPerRow === null ? '–' : whole(result.instructionsPerRow),
    megabytes(result.peakRssBytes),
    seconds(result.loadMs),
    seconds(result.wallMs),
    seconds(result.startup.wallMs),
    seconds(result.startup.cpuMs),
    whole(result.records),
    result.recordBytes === null ? '–' : whole(result.recordBytes),
    result.brokerCpuMs === null ? '–' : seconds(result.brokerCpuMs),
  ];
}

function ratios([ours, ...others]: readonly Result[]): string[] {
  if (ours === undefined) return [];
  return others.map(
    (other) =>
      `${ours.target} / ${other.target}: rows per CPU second ` +
      `${(ours.rowsPerCpuSecond / other.rowsPerCpuSecond).toFixed(2)} ` +
      `(${(other.steadyMicrosPerRow / ours.steadyMicrosPerRow).toFixed(2)} without startup), ` +
      `rows per second ${(ours.rowsPerSecond / other.rowsPerSecond).toFixed(2)}.`,
  );
}
