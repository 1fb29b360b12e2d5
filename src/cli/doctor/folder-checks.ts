import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fixedPart } from '../../../connectors/files/finishing/dated-path.ts';
import { watchedFolder } from '../../../connectors/inputs/watched-place.ts';
import type { ConnectorConfig } from '../../config/connector-config.ts';
import { isGlob } from '../../config/define/option-path.ts';
import { messageOf } from '../../errors.ts';
import { bytes } from '../../terminal/figures.ts';
import { isUrl } from '../../values/url.ts';
import { type About, type Check, failed, passed } from './check.ts';

/** Less than this is no room for files that are moved here, or for rows that are rejected. */
const LEAST_FREE_BYTES = 256 * 1024 * 1024;

/** The files and folders of a feed that are on this machine. */
export async function* folderChecks(feed: ConnectorConfig, subject: string): AsyncGenerator<Check> {
  if (watchedFolder(feed.source) === null) yield* sourceChecks(feed, subject);
  const { deadLetterFile } = feed.errors;
  if (deadLetterFile !== null) {
    yield await targetCheck({ subject, key: 'errors.deadletterqueue.file' }, dirname(deadLetterFile), null);
  }
}

async function* sourceChecks(feed: ConnectorConfig, subject: string): AsyncGenerator<Check> {
  const { inputPath, finishedPath, finishedDelete, errorPath } = feed.source.values as Readonly<
    Record<string, unknown>
  >;
  const isHere = typeof inputPath === 'string' && !isGlob(inputPath) && !isUrl(inputPath);
  const input = isHere ? inputPath : null;
  const mayMove =
    finishedDelete === true || typeof finishedPath === 'string' || typeof errorPath === 'string';
  if (input !== null) yield await inputCheck({ subject, key: 'input.path' }, input, mayMove);
  const folders = { 'finished.path': finishedPath, 'error.path': errorPath };
  for (const [key, path] of Object.entries(folders)) {
    if (typeof path === 'string') yield await targetCheck({ subject, key }, fixedPart(path), input);
  }
}

async function inputCheck(about: About, path: string, mayMove: boolean): Promise<Check> {
  try {
    const found = await stat(path);
    await access(path, found.isDirectory() ? constants.R_OK | constants.X_OK : constants.R_OK);
    const folder = found.isDirectory() ? path : dirname(path);
    if (mayMove) await access(folder, constants.W_OK);
    return passed(about, `${path} can be read${mayMove ? ', and its files moved' : ''}`);
  } catch (error) {
    return failed(about, `${path} cannot be used: ${reasonOf(error, path)}`);
  }
}

/** A folder that is written to. Only its last part is made where it is missing. */
async function targetCheck(about: About, path: string, input: string | null): Promise<Check> {
  try {
    const isThere = await stat(path).then(
      (found) => found.isDirectory() || Promise.reject(new Error('it is not a folder')),
      (error) => (isMissing(error) ? false : Promise.reject(error)),
    );
    const folder = isThere ? path : dirname(path);
    await access(folder, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    if (free < LEAST_FREE_BYTES) {
      return failed(
        about,
        `${path} has ${bytes(free)} free; expected ${bytes(LEAST_FREE_BYTES)} at least: free the disk`,
      );
    }
    const made = isThere ? '' : ', will be made';
    return passed(about, `${path}: ${bytes(free)} free${made}${await otherDisk(folder, input)}`);
  } catch (error) {
    return failed(about, `${path} cannot be written to: ${reasonOf(error, path)}`);
  }
}

async function otherDisk(folder: string, input: string | null): Promise<string> {
  if (input === null) return '';
  const [here, there] = await Promise.all([stat(folder), stat(input).catch(() => null)]);
  return there === null || here.dev === there.dev
    ? ''
    : '; on another file system than input.path, so files are copied';
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function reasonOf(error: unknown, path: string): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return `make the folder ${path}, mount it, or mend the path`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'give this user the right';
    default:
      return messageOf(error);
  }
}
