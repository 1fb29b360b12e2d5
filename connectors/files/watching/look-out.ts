import type { LookoutContext, PluginLog } from '../../../src/plugin/index.ts';
import type { FileStore, ListedFile } from '../file-store.ts';
import { KnownOffsets } from '../recognition/known-offsets.ts';
import { belongsTo } from '../shard.ts';
import { ListingDigest, MOST_FILES, MOST_PAGES } from './listing-digest.ts';
import { type EarlierSighting, processMs } from './settling.ts';
import { WakeUp } from './wake-up.ts';
import { WantedFiles, type WantedNames } from './wanted-files.ts';
import type { WatchNote } from './watch-note.ts';
import { LEAST_PAUSE_MS, type Waker } from './watch-task.ts';

/** Where there is to be looked for files. */
export interface LookoutPlace {
  readonly store: FileStore;
  readonly names: WantedNames;
  readonly scanIntervalMs: number;
  readonly excluded: readonly string[];
  /** Delivered files stay where they are, and a listing tells that they are the ones that were delivered. */
  readonly knowsFilesThatStay: boolean;
  readonly waker?: ((wake: () => void) => Waker) | undefined;
}

/**
 * Lists a store's files until they are not those of a note any more, or there is one that was not delivered, and gives a note for the task that is to wake up. It tells
 * what is passed over, as the task would. A store that is away for a while is waited for.
 *
 * @throws the signal's reason once it has aborted
 */
export async function lookOut(
  context: LookoutContext,
  place: LookoutPlace,
  note: WatchNote | null,
): Promise<WatchNote> {
  const { signal } = context;
  const { store, names, scanIntervalMs, excluded } = place;
  const wanted = new WantedFiles({
    names,
    isOwn: (path) => belongsTo(path, context),
    excluded,
    tellsPassedOver: context.taskId === 0,
    log: context.log,
    told: note?.told,
  });
  let seen = note?.digest ?? null;
  const wakeUp = new WakeUp();
  const waker = place.waker?.(() => wakeUp.call());
  try {
    while (true) {
      const { digest, sightings, isComplete, isTooLong } = await listing(store, wanted, signal);
      if (isComplete && seen === null && (await areDone(sightings, context, place))) seen = digest;
      if (isTooLong || (isComplete && digest !== seen)) return { digest, sightings, told: wanted.told };
      await waker?.listed();
      await wakeUp.sleep(LEAST_PAUSE_MS, scanIntervalMs, signal);
      signal.throwIfAborted();
    }
  } finally {
    await waker?.close();
    await store.close();
  }
}

/** Whether there is nothing to do for a task that would begin with these files: all of them, and no others, are there. */
async function areDone(
  files: readonly EarlierSighting[],
  { connector, offsets }: LookoutContext,
  { knowsFilesThatStay }: LookoutPlace,
): Promise<boolean> {
  if (files.length === 0) return true;
  if (!knowsFilesThatStay || offsets === undefined) return false;
  const known = new KnownOffsets(connector, await offsets());
  return files.every(({ path, version }) => known.isDelivered(path, version));
}

async function listing(store: FileStore, wanted: WantedFiles, signal: AbortSignal) {
  const digest = new ListingDigest();
  const sightings: EarlierSighting[] = [];
  const meet = (file: ListedFile) => {
    digest.add(file);
    const { path, version } = file;
    if (sightings.length < MOST_FILES)
      sightings.push({ path, version, sinceMs: processMs(), discoveredMs: Date.now() });
  };
  const pages = store.list(wanted, signal);
  let isTooLong = false;
  let page = await pages.next();
  for (let count = 1; !page.done && !isTooLong; count++) {
    page.value.forEach(meet);
    isTooLong = digest.isTooLong || (store.promises.listsInOrder && count > MOST_PAGES);
    page = await pages.next();
  }
  if (isTooLong) await pages.return(false);
  else wanted.tell();
  return { digest: digest.text, sightings, isComplete: page.done === true && page.value, isTooLong };
}

/** Of what a listing complains about only what is about the folder itself: of what is below it the task has told. */
export function ofRoot(log: PluginLog): PluginLog {
  const tell =
    (level: 'warn' | 'error'): PluginLog['warn'] =>
    (message, fields = {}) => {
      const { file } = fields;
      if (file === '') log[level](message, fields);
    };
  return { ...log, warn: tell('warn'), error: tell('error') };
}
