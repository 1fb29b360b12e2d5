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
  const [origin, away] = [store.at?.(path), store.movedTo?.(target, path)];
  if (origin === undefined || away === undefined) return 'its store cannot do it';
  if ((await store.stat(origin)) !== null) return 'another file is under its path';
  const above = origin.absolute.slice(0, origin.absolute.length - origin.place.length);
  const root = await store.prepareDestination('error.path', above, SILENT);
  const { store: from, file } = away;
  // A file that is there before its marker waits for it; the other way round it would be read without.
  if (!(await moveBack(from, root, file))) return `it is not in ${target} any more`;
  for (const beside of companions.of(file)) await moveBack(from, root, beside.file);
  const note = { ...file, absolute: noteName(file.absolute) };
  const version = await from.stat(note);
  if (version !== null) await from.remove(note, version);
  return null;
}

/** Whether it was there. */
async function moveBack(from: FileStore, root: string, file: FoundFile): Promise<boolean> {
  const version = await from.stat(file);
  if (version === null) return false;
  return typeof (await from.moveInto(root, file, version, SUFFIX)) !== 'string';
}
