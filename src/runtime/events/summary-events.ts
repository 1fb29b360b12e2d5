import type { FileEntry } from '../../sink/file-ledger.ts';
import type { CommitSummary, RejectedExample } from '../../sink/tally.ts';
import { reasonOf } from '../stages/error-policy.ts';
import type { CommittedEvent, CommittedFile, RejectedEvent, RejectedRow, RowCounts } from './events.ts';

interface OfTask {
  readonly connector: string;
  readonly task: number;
}

function rowCounts({ produced, filtered, rejected }: Omit<RowCounts, 'read'>): RowCounts {
  return { read: produced + filtered + rejected, produced, filtered, rejected };
}

export function committedEvent(of: OfTask, summary: CommitSummary): CommittedEvent {
  const { transaction, outcome, topics, fileBytes, sentBytes, expired, durationMs, files } = summary;
  return {
    type: 'transaction.committed',
    ...of,
    transaction,
    rows: rowCounts(outcome),
    topics: { ...topics },
    fileBytes,
    sentBytes,
    expired,
    durationMs: Math.round(durationMs),
    files: [
      ...new Map(files.map((entry) => [entry.file.archive ?? entry.file, committedFile(entry)])).values(),
    ],
  };
}

/** Of an archive's files each tells how far the archive is. */
function committedFile({ file, progress }: FileEntry): CommittedFile {
  const whole = file.archive?.progressOf(file, progress) ?? progress;
  return {
    path: file.archive?.path ?? file.path,
    ...(file.partition.generation !== undefined && { generation: file.partition.generation }),
    position: whole.position,
    diskPosition: file.diskPosition?.(progress.position) ?? whole.position,
    size: file.size,
    rows: rowCounts(whole),
    eof: whole.eof,
  };
}

export function rejectedEvent(
  of: OfTask,
  { transaction, outcome, rejectedBy, unserialized, examples }: CommitSummary,
  includesValues: boolean,
): RejectedEvent {
  return {
    type: 'rows.rejected',
    ...of,
    transaction,
    count: outcome.rejected,
    plugins: { ...rejectedBy },
    unserialized: { ...unserialized },
    examples: examples.map((example) => rejectedRow(example, includesValues)),
  };
}

export function rejectedRow({ origin, rejection }: RejectedExample, includesValues: boolean): RejectedRow {
  const { filePath: file, row, line, offset } = origin;
  const { stage, plugin, errorName: error } = rejection;
  const reason = reasonOf(rejection, includesValues);
  return { file, row, line, offset, stage, plugin, error, reason };
}
