import type { RecordBatch, Rejection } from '../../plugin/index.ts';
import type { BatchRecord } from '../record-batch.ts';

/** Whose dead letters they are. */
export interface DeadLetterOrigin {
  readonly connector: string;
  readonly task: number;
}

/** Room for headers beside the row's bytes; messages quote little of a row. */
const HEADERS_MAX = 16 * 1024;

/**
 * A rejected row as a record of the dead-letter topic: its raw bytes, and Connect's error headers
 * (https://cwiki.apache.org/confluence/display/KAFKA/KIP-298%3A+Error+Handling+in+Connect) beside where it came from.
 * A row that the topic cannot take is cut to what it can, and `headrace.truncated.from` tells its full size.
 */
export function deadLetterRecord(
  batch: RecordBatch,
  index: number,
  rejection: Rejection,
  from: DeadLetterOrigin,
  timestamp: number,
  maxBytes: number,
): BatchRecord & { readonly value: Buffer } {
  const raw = batch.rawRow(index);
  const room = Math.max(0, maxBytes - HEADERS_MAX);
  const headers = { ...errorHeaders(rejection, from), ...originHeaders(batch, index) };
  if (raw.length > room) headers['headrace.truncated.from'] = String(raw.length);
  return {
    key: null,
    value: raw.subarray(0, room),
    headers: Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)] as const),
    timestamp,
  };
}

function errorHeaders(rejection: Rejection, from: DeadLetterOrigin): Record<string, string> {
  return {
    '__connect.errors.topic': rejection.topic ?? '',
    '__connect.errors.connector.name': from.connector,
    '__connect.errors.task.id': String(from.task),
    '__connect.errors.stage': rejection.stage,
    '__connect.errors.class.name': rejection.plugin,
    '__connect.errors.exception.class.name': rejection.errorName,
    '__connect.errors.exception.message': rejection.message,
  };
}

function originHeaders(batch: RecordBatch, index: number): Record<string, string> {
  const origin = batch.origin(index);
  return {
    'file.path': origin.filePath,
    'file.name': origin.fileName,
    'file.offset': String(origin.offset),
    'file.row': String(origin.row),
    'file.line': String(origin.line),
  };
}
