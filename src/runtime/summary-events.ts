import type { CommitSummary } from '../kafka/sink/tally.ts';
import type { CommittedEvent, RejectedEvent, RowCounts } from './events.ts';

interface OfTask {
  readonly connector: string;
  readonly task: number;
}

function rowCounts({ produced, filtered, rejected }: Omit<RowCounts, 'read'>): RowCounts {
  return { read: produced + filtered + rejected, produced, filtered, rejected };
}

export function committedEvent(of: OfTask, summary: CommitSummary): CommittedEvent {
  const { outcome, topics, fileBytes, sentBytes, expired, durationMs, files } = summary;
  return {
    type: 'transaction.committed',
    ...of,
    rows: rowCounts(outcome),
    topics: { ...topics },
    fileBytes,
    sentBytes,
    expired,
    durationMs: Math.round(durationMs),
    files: files.map(({ file, progress }) => ({
      path: file.path,
      position: progress.position,
      diskPosition: file.diskPosition?.(progress.position) ?? progress.position,
      size: file.size,
      rows: rowCounts(progress),
      eof: progress.eof,
    })),
  };
}

export function rejectedEvent(of: OfTask, { outcome, examples }: CommitSummary): RejectedEvent {
  return {
    type: 'rows.rejected',
    ...of,
    count: outcome.rejected,
    examples: examples.map(({ origin, rejection }) => ({
      file: origin.filePath,
      row: origin.row,
      line: origin.line,
      offset: origin.offset,
      stage: rejection.stage,
      plugin: rejection.plugin,
      error: rejection.errorName,
      reason: rejection.message,
    })),
  };
}
