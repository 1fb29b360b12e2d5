import { jsonText } from '../dry-run/data-text.ts';
import type { RecordSnapshot } from '../dry-run/record-snapshot.ts';
import type { RowTrace } from '../dry-run/row-trace.ts';
import type { ShownRecord, ShownSide } from '../dry-run/shown-record.ts';
import { orderedRow } from '../values/ordered-row.ts';
import type { PreviewEnd } from './preview.ts';
import { changesAt } from './record-changes.ts';
import { RowSummary } from './row-summary.ts';

/**
 * A preview as one JSON object on one line, in pieces: a string has no room for a hundred thousand wide rows. Longs keep
 * all their digits.
 */
export async function* previewJson(
  feed: string | null,
  file: string,
  rows: AsyncGenerator<RowTrace, PreviewEnd, undefined>,
  more: object = {},
): AsyncGenerator<string, void, undefined> {
  const counted = new RowSummary();
  for (let next = await rows.next(); ; next = await rows.next()) {
    if (next.done) {
      const { isWhole, notes } = next.value;
      const summary = { ...counted.summary, whole: isWhole };
      return yield `],${jsonText({ notes, summary }).slice(1)}\n`;
    }
    yield counted.rows === 0 ? `${jsonText({ feed, file, ...more }).slice(0, -1)},"rows":[` : ',';
    counted.add(next.value);
    yield jsonText(rowOf(next.value));
  }
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

function sentOf({ snapshot, topic, partition, partitionBy, headers, key, value }: ShownRecord): object {
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

function sideOf({ converter, bytes, known }: ShownSide, data: unknown): object {
  if (!known) return { converter, data, text: null, bytes: null, size: null, needs: 'schema registry' };
  const text = bytes === null ? null : bytes.toString();
  return { converter, data, text, bytes: bytes?.toString('base64') ?? null, size: bytes?.length ?? null };
}
