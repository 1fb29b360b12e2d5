import { HeadraceError } from '../../errors.ts';
import { topicId } from '../../kafka/cluster/topic-ids.ts';
import type { StoredSourceOffset } from '../../offsets/offset-table.ts';
import { rewriteOffsets, tombstonesOf } from '../../offsets/rewrite-offsets.ts';
import { counted } from '../../terminal/figures.ts';
import { didYouMean } from '../../values/closest-name.ts';
import { forgetStates } from '../files/forget-states.ts';
import { print, printJson } from '../print.ts';
import { claimOn, fileOf, type OffsetStore, offsetsOf } from './offset-store.ts';
import { shutOutIdle, tellShutOut } from './shut-out-idle.ts';

export interface ResetFlags {
  readonly file?: string;
  readonly force?: true;
  readonly json?: true;
}

/** Forgets what a connector, or one file of it, has delivered. */
export async function resetOffsets(store: OffsetStore, connector: string, flags: ResetFlags): Promise<void> {
  const isLost = flags.file === undefined && (await hasLostOffsets(store, connector));
  if (!isLost) chosen(offsetsOf(store, connector), connector, flags.file);
  const written = await rewriteOffsets(store.client, {
    ...(await shutOutIdle(store, connector, flags.force === true)),
    decide: (table) => tombstonesOf(chosen(table.of(connector), connector, flags.file)),
  });
  await forgetStates(store.client, store.worker, connector, flags.file === undefined ? null : [flags.file]);
  if (flags.json) printJson({ connector, forgotten: written.length });
  else print(`${connector}: ${isLost && written.length === 0 ? BEGINS_ANEW : forgotten(written.length)}\n`);
  tellShutOut(connector);
}

/** Its offsets went with their topic: there is nothing to forget, but to be allowed to begin anew (OFFSETS_LOST). */
async function hasLostOffsets({ client, worker }: OffsetStore, connector: string): Promise<boolean> {
  const former = await claimOn(client, worker, connector);
  return former !== null && former.offsetsTopicId !== (await topicId(client, worker.offsetStorageTopic));
}

/**
 * Those of a file; all when none is named.
 *
 * @throws HeadraceError CONFIG_INVALID when there is none of it
 */
export function chosen<O extends Pick<StoredSourceOffset, 'partition'>>(
  entries: readonly O[],
  connector: string,
  file: string | undefined,
): readonly O[] {
  if (file === undefined) return entries;
  const found = entries.filter((entry) => fileOf(entry) === file);
  if (found.length > 0) return found;
  const known = entries.flatMap((entry) => fileOf(entry) ?? []);
  throw new HeadraceError(
    'CONFIG_INVALID',
    `${connector} has no offset of a file ${JSON.stringify(file)}${didYouMean(file, known)}. headrace offsets show ${connector} lists them.`,
  );
}

const BEGINS_ANEW = 'its offsets are lost; at its next start it loads every file that is there';

function forgotten(offsets: number): string {
  return `${counted(offsets, 'offset')} forgotten`;
}
