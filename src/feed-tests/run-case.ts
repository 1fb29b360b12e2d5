import { basename } from 'node:path';
import type { ConnectorConfig } from '../config/connector-config.ts';
import { jsonText } from '../dry-run/data-text.ts';
import type { RowTrace } from '../dry-run/row-trace.ts';
import { traceRows } from '../dry-run/trace-rows.ts';
import { HeadraceError } from '../errors.ts';
import type { TellLack } from '../runtime/stages/header-check.ts';
import { align } from './align.ts';
import { type Difference, recordDifferences } from './compare.ts';
import { deadLetterFailures } from './dead-letters.ts';
import type { ExpectedRecord, FeedCase } from './expected.ts';
import { expectedText } from './expected-text.ts';
import { type SentRecord, sentRecords } from './sent-records.ts';

/** Something that is not as a case expects. */
export interface Failure {
  /** `record 1, of row 1`; null when it is about the case as a whole. */
  readonly about: string | null;
  /** What is wrong, where it is not a matter of differences. */
  readonly message: string | null;
  readonly differences: readonly Difference[];
}

/** What came of a case. */
export interface CaseRun {
  /** Nothing is wrong where there is none. */
  readonly failures: readonly Failure[];
  /** What its rows lack that the feed names, and can do without. */
  readonly notes: readonly string[];
}

/** Takes the rows of a case through the feed. */
export async function runCase(config: ConnectorConfig, one: FeedCase): Promise<CaseRun> {
  const notes: string[] = [];
  const tell = (path: string, reason: string) => notes.push(`${path}: ${reason}`);
  return { failures: await failuresOf(config, one, tell), notes };
}

async function failuresOf(config: ConnectorConfig, one: FeedCase, tell: TellLack): Promise<Failure[]> {
  const rows: RowTrace[] = [];
  try {
    // A case must not fail because it has grown old.
    for await (const row of traceRows(config, [chunkOf(one)], { tell, isTimeless: true })) rows.push(row);
  } catch (error) {
    if (!(error instanceof HeadraceError)) throw error;
    return [{ about: null, message: `the feed would fail: ${error.message}`, differences: [] }];
  }
  return [...recordFailures(one.records, sentRecords(rows)), ...deadLetterFailures(one.deadLetters, rows)];
}

function chunkOf({ file, rows }: FeedCase) {
  const bytes = Buffer.from(rows);
  const source = {
    ...{ partition: { file }, path: file, name: basename(file), start: null, size: bytes.length },
    offsetAt: ({ position }: { readonly position: number }) => ({ position }),
  };
  return { file: source, bytes, eof: true };
}

function recordFailures(expected: readonly ExpectedRecord[], sent: readonly SentRecord[]): Failure[] {
  const pairs = align(expected, sent, (one, { record }) => recordDifferences(one, record).length);
  return pairs.flatMap(([at, got]): Failure[] => {
    const wanted = at === null ? undefined : expected[at];
    const found = got === null ? undefined : sent[got];
    if (found === undefined) {
      const message = `expected ${expectedText(wanted)}, got no record`;
      return [{ about: `record ${(at as number) + 1}`, message, differences: [] }];
    }
    if (wanted === undefined) return [notExpected(found)];
    const differences = recordDifferences(wanted, found.record);
    if (differences.length === 0) return [];
    return [{ about: `record ${(at as number) + 1}, of row ${found.row}`, message: null, differences }];
  });
}

function notExpected({ row, record }: SentRecord): Failure {
  const message = `is not expected among the records: ${jsonText({ topic: record.topic, value: record.snapshot.value })}`;
  return { about: `row ${row}`, message, differences: [] };
}
