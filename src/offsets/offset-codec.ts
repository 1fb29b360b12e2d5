import type { SourceOffset, SourcePartition } from '../plugin/index.ts';

/** Not a part of the value, which is Connect's, and so on records without a value as well. */
const VERSION_HEADER = 'headrace.version';

type Headers = readonly (readonly [name: string, value: Buffer | null])[];

/**
 * The bytes of the offsets topic, as Kafka Connect writes them (org.apache.kafka.connect.storage.OffsetStorageWriter):
 * key `["connector",{partition}]`, value `{offset}`, both compact JSON. Properties keep the order the source gave them.
 */
export function encodeOffsetKey(connector: string, partition: SourcePartition): Buffer {
  return Buffer.from(JSON.stringify([connector, partition]));
}

export function encodeOffsetValue(offset: SourceOffset): Buffer {
  return Buffer.from(JSON.stringify(offset));
}

/** null for a key that is not of this form; others may write to the topic too. */
export function decodeOffsetKey(key: Buffer): { connector: string; partition: SourcePartition } | null {
  const parsed = parseJson(key);
  if (!Array.isArray(parsed) || parsed.length !== 2) return null;
  const [connector, partition] = parsed as unknown[];
  if (typeof connector !== 'string' || !isPlainObject(partition)) return null;
  return { connector, partition: partition as SourcePartition };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const CLOSING_BRACE = 0x7d;
const CLOSING_BRACKET = 0x5d;
const OPENING = '["';

/** Whether a key's first bytes tell that it is another connector's: of a topic that many share only one's keys are read. */
export function isPlainlyOfAnother(key: Buffer, connector: string): boolean {
  if (key.toString('utf8', 0, OPENING.length) !== OPENING) return false;
  const name = key.subarray(OPENING.length, key.indexOf(QUOTE, OPENING.length));
  return !name.includes(BACKSLASH) && name.toString('utf8') !== connector;
}

/** The file in a key of a connector, where its bytes are its name as it is; null where the key must be read as JSON. */
export function fileBytesIn(key: Buffer, connector: string): Buffer | null {
  const opening = `[${JSON.stringify(connector)},{"file":"`;
  const start = Buffer.byteLength(opening);
  const isWhole = key.at(-1) === CLOSING_BRACKET && key.at(-2) === CLOSING_BRACE;
  if (!isWhole || key.toString('utf8', 0, start) !== opening) return null;
  const file = key.subarray(start, key.indexOf(QUOTE, start));
  return file.includes(BACKSLASH) ? null : file;
}

/** null for a value that is not a JSON object. */
export function decodeOffsetValue(value: Buffer): SourceOffset | null {
  const parsed = parseJson(value);
  return isPlainObject(parsed) ? (parsed as SourceOffset) : null;
}

/** The headers of a record that is newer than all of its connector with a lower version. */
export function versionHeaders(version: number): [name: string, value: Buffer][] {
  return [[VERSION_HEADER, Buffer.from(String(version))]];
}

/** 0 for a record from before there were versions, or of somebody else. */
export function versionOf(headers: Headers): number {
  const value = headers.find(([name]) => name === VERSION_HEADER)?.[1];
  const version = value === undefined ? 0 : Number(String(value));
  return Number.isSafeInteger(version) && version > 0 ? version : 0;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
