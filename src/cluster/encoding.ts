import { gunzipSync, gzipSync } from 'node:zlib';
import { HeadraceError } from '../errors.ts';
import { type Assignment, type MemberMetadata, type TaskName, taskName, taskNamed } from './messages.ts';

/**
 * What members tell one another by way of the coordinator is JSON, compressed: Kafka keeps all of a group in one record, which
 * must not be longer than 1 MB. Fields may be added: those that are not known are passed over, and those that are missing
 * are empty, so that newer workers live together with older ones. What these would misunderstand takes another name of the
 * protocol beside this one: the coordinator chooses one that all members know.
 */
export const PROTOCOL = {
  /** Kafka Connect's as well, so that of two groups of the same id the later one is refused, whichever it is. */
  type: 'connect',
  name: 'headrace',
  /** Of what the messages hold, told for whoever needs to know what others understand. */
  version: 1,
} as const;

/** Of a message once it is decompressed; one of 100,000 tasks is shorter. */
const MAX_BYTES = 16 * 1024 * 1024;

type Fields = Readonly<Record<string, unknown>>;

export function encodeMetadata({ url, configOffset, tasks, labels }: MemberMetadata): Buffer {
  const told = { url, configOffset, tasks: byConnector(tasks), labels: Object.fromEntries(labels) };
  return encode(told);
}

/** @throws HeadraceError KAFKA_DENIED when it is no message of ours */
export function decodeMetadata(bytes: Buffer): MemberMetadata {
  const fields = decode(bytes);
  return {
    url: textOf(fields.url),
    configOffset: numberOf(fields.configOffset),
    tasks: tasksOf(fields.tasks),
    labels: new Map(Object.entries(fieldsOf(fields.labels)).map(([name, value]) => [name, textOf(value)])),
  };
}

export function encodeAssignment({ tasks, revoked, ...told }: Assignment): Buffer {
  return encode({ ...told, tasks: byConnector(tasks), revoked: byConnector(revoked) });
}

/** @throws HeadraceError KAFKA_DENIED when it is no message of ours */
export function decodeAssignment(bytes: Buffer): Assignment {
  const fields = decode(bytes);
  return {
    error: fields.error === 'behind' ? 'behind' : 'none',
    leaderUrl: textOf(fields.leaderUrl),
    leaderInstanceId: typeof fields.leaderInstanceId === 'string' ? fields.leaderInstanceId : null,
    configOffset: numberOf(fields.configOffset),
    tasks: tasksOf(fields.tasks),
    revoked: tasksOf(fields.revoked),
  };
}

function encode(fields: Fields): Buffer {
  return gzipSync(JSON.stringify({ version: PROTOCOL.version, ...fields }));
}

function decode(bytes: Buffer): Fields {
  try {
    const value: unknown = JSON.parse(gunzipSync(bytes, { maxOutputLength: MAX_BYTES }).toString());
    if (isFields(value)) return value;
  } catch {
    // Told below, with what came.
  }
  const came = bytes.length === 0 ? 'nothing' : JSON.stringify(bytes.subarray(0, 40).toString('latin1'));
  throw new HeadraceError(
    'KAFKA_DENIED',
    `A member of the group told ${came} where a message of Headrace was expected. See that only workers of Headrace have this group.id.`,
  );
}

/** The name of a connector stands there once for all of its tasks. */
function byConnector(tasks: ReadonlySet<TaskName>): Record<string, number[]> {
  const named = Map.groupBy([...tasks].map(taskNamed), ({ connector }) => connector);
  return Object.fromEntries([...named].map(([connector, own]) => [connector, own.map(({ task }) => task)]));
}

function tasksOf(value: unknown): ReadonlySet<TaskName> {
  const entries = Object.entries(fieldsOf(value));
  return new Set(
    entries.flatMap(([connector, numbers]) =>
      Array.isArray(numbers) ? numbers.map((number) => taskName(connector, number)) : [],
    ),
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
