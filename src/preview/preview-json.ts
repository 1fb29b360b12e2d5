import { jsonText } from '../dry-run/data-text.ts';
import type { EncodedRecord, EncodedSide } from '../dry-run/record-encoder.ts';
import type { RecordSnapshot } from '../dry-run/record-snapshot.ts';
import type { RowTrace } from '../dry-run/row-trace.ts';
import { orderedRow } from '../plugin/index.ts';
import type { Preview } from './preview.ts';
import { changesAt } from './record-changes.ts';
import { summaryOf } from './summary.ts';

/** A preview as one JSON object on one line. Longs keep all their digits. */
export function previewJson(feed: string | null, preview: Preview, more: object = {}): string {
  return jsonText({
    feed,
    file: preview.file,
    ...more,
    rows: preview.rows.map(rowOf),
    notes: preview.notes,
    summary: { ...summaryOf(preview.rows), whole: preview.isWhole },
  });
}

function rowOf({ origin, raw, stages, outcome }: RowTrace): object {
  return {
    row: origin.row,
    line: origin.line,
    offset: origin.offset,
    raw: raw.toString(),
    stages: stages.map(({ label, plugin, records }, at) => ({
      stage: label,
      plugin,
      records: records.map((record, index) => ({
        ...recordOf(record),
        changes: changesAt(stages, at, index),
      })),
    })),
    outcome: outcome.kind,
    ...(outcome.kind === 'sent' && { records: outcome.records.map(sentOf) }),
    ...(outcome.kind === 'filtered' && { stage: outcome.stage.label }),
    ...(outcome.kind === 'rejected' && {
      stage: outcome.stage.label,
      plugin: outcome.stage.plugin,
      error: outcome.rejection.errorName,
      message: outcome.rejection.message,
    }),
  };
}

function recordOf({ topic, partition, key, value, headers, timestamp, valueSchema }: RecordSnapshot): object {
  const types = valueSchema?.fields.map(({ name, type }) => [name, type] as const) ?? [];
  return { topic, partition, key, value, types: orderedRow(types), headers, timestamp };
}

function sentOf({ snapshot, topic, partition, partitionBy, headers, key, value }: EncodedRecord): object {
  return {
    topic,
    partition,
    partitionBy,
    timestamp: snapshot.timestamp,
    headers,
    key: sideOf(key, snapshot.key),
    value: sideOf(value, snapshot.value),
  };
}

function sideOf({ converter, bytes, known }: EncodedSide, data: unknown): object {
  if (!known) return { converter, data, text: null, bytes: null, size: null, needs: 'schema registry' };
  const text = bytes === null ? null : bytes.toString();
  return { converter, data, text, bytes: bytes?.toString('base64') ?? null, size: bytes?.length ?? null };
}
