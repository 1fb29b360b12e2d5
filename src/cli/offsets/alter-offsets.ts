import { HeadraceError } from '../../errors.ts';
import { describeTopics } from '../../kafka/cluster/topics.ts';
import { partitionForKey } from '../../kafka/records/partitioner.ts';
import { encodeOffsetKey, encodeOffsetValue } from '../../offsets/offset-codec.ts';
import type { OffsetTable } from '../../offsets/offset-table.ts';
import { type OffsetRecord, rewriteOffsets, tombstonesOf } from '../../offsets/rewrite-offsets.ts';
import { counted } from '../../terminal/figures.ts';
import { print, printJson } from '../print.ts';
import { readAlteration } from './alteration-file.ts';
import type { Alteration } from './alterations.ts';
import type { OffsetStore } from './offset-store.ts';
import { shutOutIdle, tellShutOut } from './shut-out-idle.ts';

export interface AlterFlags {
  readonly jsonFile: string;
  readonly force?: true;
  readonly json?: true;
}

/** Writes offsets as a person gives them, once they are checked. */
export async function alterOffsets(store: OffsetStore, connector: string, flags: AlterFlags): Promise<void> {
  const alterations = await readAlteration(flags.jsonFile);
  const { client, worker } = store;
  const topic = worker.offsetStorageTopic;
  const partitions = (await describeTopics(client, [topic])).get(topic)?.partitions;
  if (partitions === undefined)
    throw new HeadraceError('TOPIC_INVALID', `there is no topic ${topic} any more`);
  const written = await rewriteOffsets(client, {
    ...(await shutOutIdle(store, connector, flags.force === true)),
    decide: (table) =>
      alterations.flatMap((alteration) => recordsOf(alteration, connector, table, partitions)),
  });
  if (flags.json) printJson({ connector, altered: written.length });
  else print(`${connector}: ${counted(written.length, 'offset')} written\n`);
  tellShutOut(connector);
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
