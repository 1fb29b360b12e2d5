import { HeadraceError } from '../../errors.ts';
import { describeTopics } from '../../kafka/cluster/topics.ts';
import { alteredRecords } from '../../offsets/alterations.ts';
import { rewriteOffsets } from '../../offsets/rewrite-offsets.ts';
import { counted } from '../../terminal/figures.ts';
import { print, printJson } from '../print.ts';
import { readAlteration } from './alteration-file.ts';
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
    decide: (table) => alteredRecords(alterations, connector, table, partitions),
  });
  if (flags.json) printJson({ connector, altered: written.length });
  else print(`${connector}: ${counted(written.length, 'offset')} written\n`);
  tellShutOut(connector);
}
