import type { FileStore } from '../file-store.ts';
import type { FoundFile } from '../file-version.ts';
import type { Companions } from '../ready/companions.ts';
import { noteName } from '../remote/object-names.ts';
import { SILENT } from '../silent-log.ts';

/** Of a name that somebody takes at the very moment. */
const SUFFIX = 'again';

/**
 * Puts a file that was given up back under its path, with what belongs beside it, and takes the note away. Nothing is replaced.
 *
 * @param target where it was put
 * @returns what kept it from it; null when it is there
 */
export async function bringBack(
  store: FileStore,
  companions: Companions,
  path: string,
  target: string,
): Promise<string | null> {
  const origin = store.at?.(path);
  const away = store.movedTo?.(target, path) ?? null;
  if (origin === undefined || away === null) return `it cannot be taken out of ${target}`;
  if ((await store.stat(origin)) !== null) return 'another file is under its path';
  const above = origin.absolute.slice(0, origin.absolute.length - origin.place.length);
  const root = await store.prepareDestination('error.path', above, SILENT);
  const before = companions.of(away).map(({ file }) => file);
  // A file that is there before its marker is waited with; the other way round it would be read without it.
  if (!(await moveBack(store, root, away))) return `it is not in ${target} any more`;
  for (const file of before) await moveBack(store, root, file);
  const note = { ...away, absolute: noteName(away.absolute) };
  const version = await store.stat(note);
  if (version !== null) await store.remove(note, version);
  return null;
}

/** Whether it was there. */
async function moveBack(store: FileStore, root: string, away: FoundFile): Promise<boolean> {
  const version = await store.stat(away);
  if (version === null) return false;
  const moved = await store.moveInto(root, away, version, SUFFIX);
  return typeof moved !== 'string';
}
