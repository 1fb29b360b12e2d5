import { basename, dirname, join } from 'node:path';

/** `.csv`, `.csv.gz`: what programs know a file by, so a suffix goes before it. */
const EXTENSION = /(?:\.[A-Za-z][A-Za-z0-9]{0,7})?(?:\.(?:gz|zst|bz2|xz|zip))?$/;

/** Bytes of a name that every usual file system takes, and that those take which keep names encrypted. */
const NAME_BYTES = [255, 143] as const;

const NOTE = '.error.json';

/** A name without what programs know its file by. */
export function stemOf(name: string): string {
  return name.slice(0, name.length - extensionOf(name).length);
}

/**
 * The names that a file may get, best first, without end: its own, then with the generation before the extension, then
 * with a number as well.
 *
 * @param isShort for a file system that takes shorter names only
 */
export function* namesFor(path: string, generation: string, isShort: boolean): Generator<string, never> {
  const name = basename(path);
  const mostBytes = NAME_BYTES[isShort ? 1 : 0];
  if (Buffer.byteLength(name) <= mostBytes) yield path;
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? generation : `${generation}-${number}`;
    yield join(dirname(path), withSuffix(name, `.${suffix}`, mostBytes));
  }
}

/** The path of the note beside a file that was given up, by its name, which is cut where the note's would be too long. */
export function noteBeside(path: string): string {
  const cut = cutTo(basename(path), NAME_BYTES[0] - Buffer.byteLength(NOTE));
  return join(dirname(path), `${cut}${NOTE}`);
}

function withSuffix(name: string, suffix: string, mostBytes: number): string {
  const extension = extensionOf(name);
  return cutTo(stemOf(name), mostBytes - Buffer.byteLength(suffix + extension)) + suffix + extension;
}

function extensionOf(name: string): string {
  return EXTENSION.exec(name)?.[0] ?? '';
}

/** So much of a text as fits, in whole characters. */
function cutTo(text: string, mostBytes: number): string {
  if (Buffer.byteLength(text) <= mostBytes) return text;
  const bytes = Buffer.from(text);
  let end = Math.max(0, mostBytes);
  // A byte that goes on with a character begins with the bits 10.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}
