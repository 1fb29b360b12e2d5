import type { ConnectorConfig } from '../config/connector-config.ts';
import { sourceFile } from '../dry-run/data-file.ts';
import { jsonText } from '../dry-run/data-text.ts';
import type { RowTrace } from '../dry-run/row-trace.ts';
import type { ShownRecord } from '../dry-run/shown-record.ts';
import { traceRows } from '../dry-run/trace-rows.ts';
import { HeadraceError } from '../errors.ts';
import type { SourceChunk } from '../plugin/index.ts';
import type { TellColumns } from '../runtime/stages/header-check.ts';
import { align } from './align-records.ts';
import { deadLetterFailures } from './dead-letter-failures.ts';
import type { ExpectedRecord, FeedCase } from './expected.ts';
import { expectedText } from './expected-text.ts';
import { type Difference, recordDifferences } from './record-differences.ts';

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

async function failuresOf(config: ConnectorConfig, one: FeedCase, tell: TellColumns): Promise<Failure[]> {
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

function chunkOf({ file, rows }: FeedCase): SourceChunk {
  const bytes = Buffer.from(rows);
  return { file: sourceFile(file, bytes.length), bytes, eof: true };
}

interface SentRecord {
  readonly row: number;
  readonly record: ShownRecord;
}

/** The records of rows, in their order. */
function sentRecords(rows: readonly RowTrace[]): SentRecord[] {
  return rows.flatMap(({ origin, outcome }) =>
    outcome.kind === 'sent' ? outcome.records.map((record) => ({ row: origin.row, record })) : [],
  );
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
