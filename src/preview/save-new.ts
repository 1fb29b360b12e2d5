import { writeFileSync } from 'node:fs';
import { HeadraceError, messageOf } from '../errors.ts';

/**
 * Writes what was made of a file to another that is not there yet.
 *
 * @throws HeadraceError CONFIG_INVALID when it is there, or cannot be written
 */
export function saveNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EEXIST';
    const message = isTaken
      ? 'is there already and is not overwritten; choose another name for --save, or remove it'
      : `cannot be written (${messageOf(error)})`;
    throw new HeadraceError('CONFIG_INVALID', `${path}: ${message}`, { cause: error });
  }
}
