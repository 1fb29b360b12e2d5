import { partitionForKey } from '../kafka/records/partitioner.ts';
import type { SourceOffset, SourcePartition } from '../plugin/index.ts';
import { didYouMean } from '../values/closest-name.ts';
import { encodeOffsetKey, encodeOffsetValue } from './offset-codec.ts';
import type { OffsetTable } from './offset-table.ts';
import { type OffsetRecord, tombstonesOf } from './rewrite-offsets.ts';

/** A source partition and the offset that it is to have; null to forget it. */
export interface Alteration {
  readonly partition: SourcePartition;
  readonly offset: SourceOffset | null;
}

const COUNTS = ['position', 'row', 'line', 'head', 'produced', 'filtered', 'rejected'] as const;
const REQUIRED: readonly string[] = ['position', 'row', 'line', 'head'];
const CHECKS = [
  ...['crc32', 'fingerprint', 'fingerprintBytes', 'tail', 'tailBytes'],
  ...['size', 'mtimeMs', 'identity', 'change', 'eof', 'failed', 'header'],
];
const KNOWN: readonly string[] = [...COUNTS, ...CHECKS];

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks the body of Connect's `PATCH /connectors/{connector}/offsets`. An offset of a file must be one that a task
 * could have written: its rows must be accounted for, or the task would fail at the end of the file.
 */
export function alterationsFrom(body: unknown): { alterations: Alteration[]; mistakes: string[] } {
  const list = isFields(body) ? body.offsets : undefined;
  if (!Array.isArray(list) || list.length === 0) {
    const form = '{"offsets":[{"partition":{"file":…,"generation":…},"offset":{…} or null}]}';
    return { alterations: [], mistakes: [`expected ${form}, as headrace offsets show --json prints it`] };
  }
  const mistakes = list.flatMap((entry: unknown, index) =>
    entryMistakes(entry).map((mistake) => `offsets[${index}]: ${mistake}`),
  );
  return { alterations: list as Alteration[], mistakes };
}

function entryMistakes(entry: unknown): string[] {
  if (!isFields(entry)) return ['expected an object with partition and offset'];
  const { partition, offset } = entry;
  if (!isFields(partition) || Object.keys(partition).length === 0)
    return ['partition: expected an object such as {"file":…,"generation":…}'];
  if (offset === null) return [];
  if (!isFields(offset)) return ['offset: expected an object, or null to forget it'];
  return 'file' in partition ? [...partitionMistakes(partition), ...offsetMistakes(offset)] : [];
}

function partitionMistakes(partition: Fields): string[] {
  return ['file', 'generation']
    .filter((name) => typeof partition[name] !== 'string')
    .map((name) => `partition.${name}: expected text, got ${JSON.stringify(partition[name])}`);
}

function offsetMistakes(offset: Fields): string[] {
  const unknown = Object.keys(offset)
    .filter((name) => !KNOWN.includes(name))
    .map((name) => `offset.${name}: unknown${didYouMean(name, KNOWN)}`);
  const counts = COUNTS.filter((name) => !isCount(offset[name], REQUIRED.includes(name))).map(
    (name) => `offset.${name}: expected a whole number of zero or more, got ${JSON.stringify(offset[name])}`,
  );
  const mistakes = [...unknown, ...counts];
  return mistakes.length > 0 ? mistakes : sumMistakes(offset);
}

function sumMistakes({ row, produced = 0, filtered = 0, rejected = 0, position, head }: Fields): string[] {
  const sum = Number(produced) + Number(filtered) + Number(rejected);
  const mistakes: string[] = [];
  if (sum !== row) {
    const parts = `produced ${produced} + filtered ${filtered} + rejected ${rejected}`;
    mistakes.push(`offset.row: expected ${parts} = ${sum}, got ${row}`);
  }
  if (Number(position) < Number(head)) {
    mistakes.push(
      `offset.position: expected at least head, ${head}, got ${position}; to load the file anew, set offset to null`,
    );
  }
  return mistakes;
}

function isCount(value: unknown, isRequired: boolean): boolean {
  if (value === undefined) return !isRequired;
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What to write for alterations of a connector's offsets, as they are in the table. @param partitions of the offset topic */
export function alteredRecords(
  alterations: readonly Alteration[],
  connector: string,
  table: OffsetTable,
  partitions: number,
): OffsetRecord[] {
  return alterations.flatMap((alteration) => recordsOf(alteration, connector, table, partitions));
}

/** In the place of the offset of that partition, however its properties were ordered; else in a place of its own. */
function recordsOf(
  { partition, offset }: Alteration,
  connector: string,
  table: OffsetTable,
  partitions: number,
): OffsetRecord[] {
  const known = table.find(connector, partition);
  if (offset === null && known !== undefined) return tombstonesOf([known]);
  const key = known?.key ?? encodeOffsetKey(connector, inOrder(partition));
  const topicPartition = known?.topicPartition ?? partitionForKey(key, partitions);
  return [{ key, topicPartition, value: offset === null ? null : encodeOffsetValue(offset) }];
}

/** The order of a key's properties is part of it: the file connectors write file, then generation. */
function inOrder({ file, generation, ...others }: Alteration['partition']): Alteration['partition'] {
  return {
    ...(file !== undefined && { file }),
    ...(generation !== undefined && { generation }),
    ...others,
  };
}
