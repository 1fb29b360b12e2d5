import type { FileStore, PutAwayOutcome } from '../file-store.ts';
import type { FileVersion, FoundFile } from '../file-version.ts';
import { namesFor } from '../finishing/free-name.ts';

/** How a store moves one file, where that may be a copy and a removal. */
export interface Mover {
  /** Moves a file, if it still is in this version and nothing has the name. */
  moveTo(found: FoundFile, version: FileVersion, target: string): Promise<PutAwayOutcome | 'taken'>;
  /** Whether what has the name is a copy of the file: an earlier move was cut short before the file was removed. */
  isCopy(found: FoundFile, version: FileVersion, target: string): Promise<boolean>;
  /** Removes a file, if it still is in this version. */
  remove(found: FoundFile, version: FileVersion): Promise<PutAwayOutcome>;
}

/**
 * Moves a file below a folder, keeping its path and replacing nothing, as `FileStore.moveInto` is to do it.
 *
 * @param folder a name that ends with a slash, or is empty
 */
export async function moveInto(
  mover: Mover,
  folder: string,
  found: FoundFile,
  version: FileVersion,
  generation: string,
): Promise<Awaited<ReturnType<FileStore['moveInto']>>> {
  // Names of objects are not paths: two slashes, or dots between them, are part of a name.
  const nameAt = found.place.lastIndexOf('/') + 1;
  const parent = folder + found.place.slice(0, nameAt);
  const names = namesFor(found.place.slice(nameAt), generation, false);
  for (let name = names.next(); ; name = names.next()) {
    const target = parent + name.value;
    const outcome = await moveOrFinish(mover, found, version, target);
    if (outcome !== 'taken') return outcome === 'done' ? { target } : outcome;
  }
}

async function moveOrFinish(
  mover: Mover,
  found: FoundFile,
  version: FileVersion,
  target: string,
): Promise<PutAwayOutcome | 'taken'> {
  const outcome = await mover.moveTo(found, version, target);
  if (outcome !== 'taken' || !(await mover.isCopy(found, version, target))) return outcome;
  const removed = await mover.remove(found, version);
  return removed === 'gone' ? 'done' : removed;
}
