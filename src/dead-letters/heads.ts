import { basename, join, resolve } from 'node:path';
import { foldersOf } from '../../connectors/files/disk/dated-folders.ts';
import type { ConnectorConfig } from '../config/connector-config.ts';
import { HeadraceError } from '../errors.ts';
import type { Parser } from '../plugin/index.ts';
import type { DeadLetter } from './dead-letter.ts';
import { headOf, needsNoHead } from './file-head.ts';
import { placeIn } from './mended-rows.ts';
import { openSourceBytes, type SourceBytes } from './source-bytes.ts';

/** The bytes before the first row, for each dead letter: they name its columns. */
export type Heads = ReadonlyMap<DeadLetter, Buffer>;

export interface HeadSources {
  readonly feed: ConnectorConfig;
  readonly parser: Parser;
  /** A file with the header of those whose file is gone. */
  readonly headerFrom: string | null;
  /** All that is in the queue: a row that was mended stood in its file as the letter before it has it. */
  readonly queue: readonly DeadLetter[];
}

const NOTHING = Buffer.alloc(0);

/**
 * Finds the header that each row was read under. It is taken from the row's own file, where the feed has left it or put
 * it away, and only if the row still stands there at its place: a file that came later under the same name may have
 * other columns.
 *
 * @throws HeadraceError CONFIG_INVALID with every file whose header is not known, a line each
 */
export async function findHeads(letters: readonly DeadLetter[], sources: HeadSources): Promise<Heads> {
  const heads = new Map<DeadLetter, Buffer>();
  const originals = Map.groupBy(
    sources.queue.filter(({ isReturned }) => !isReturned),
    placeIn,
  );
  const asItStood = (letter: DeadLetter) =>
    letter.isReturned ? (originals.get(placeIn(letter)) ?? []) : [letter];
  for (const [file, group] of Map.groupBy(letters, (letter) => letter.file)) {
    for (const path of await placesOf(file, sources.feed))
      await findIn(path, group, { parser: sources.parser, asItStood }, heads);
  }
  const left = letters.filter((letter) => !heads.has(letter));
  if (left.length === 0) return heads;
  const fallback = await fallbackHead(sources);
  if (fallback === null) throw unknownHeads(left);
  for (const letter of left) heads.set(letter, fallback);
  return heads;
}

/** Where a file may be: the connectors that read files from a disk have these three options. */
async function placesOf(file: string, { source }: ConnectorConfig): Promise<string[]> {
  const { inputPath, finishedPath, errorPath } = source.values as Readonly<Record<string, unknown>>;
  const places = [typeof inputPath === 'string' ? resolve(inputPath, file) : resolve(file)];
  for (const option of [finishedPath, errorPath]) {
    const folders = typeof option === 'string' ? await foldersOf(option) : [];
    for (const place of folders.flatMap((folder) => [join(folder, file), join(folder, basename(file))]))
      places.push(place, `${place}.gz`);
  }
  return [...new Set(places)];
}

async function findIn(
  path: string,
  letters: readonly DeadLetter[],
  { parser, asItStood }: { parser: Parser; asItStood: (letter: DeadLetter) => readonly DeadLetter[] },
  heads: Map<DeadLetter, Buffer>,
): Promise<void> {
  const bytes = await openSourceBytes(path).catch(() => null);
  if (bytes === null) return;
  try {
    const wanted = letters.filter((letter) => !heads.has(letter));
    const head = Buffer.from(await headOf(path, bytes, parser));
    for (const letter of wanted.toSorted((one, other) => one.offset - other.offset)) {
      if (await standIn(bytes, asItStood(letter))) heads.set(letter, head);
    }
  } catch {
    // What cannot be read or parsed is not the file that the rows are of.
  } finally {
    await bytes.close();
  }
}

/** Whether all of them, which are of one place, are what stands there: of two files one has been there. */
async function standIn(bytes: SourceBytes, letters: readonly DeadLetter[]): Promise<boolean> {
  const [first] = letters;
  if (first === undefined) return false;
  const found = await bytes.read(first.offset, Math.max(...letters.map(({ raw }) => raw.length)));
  return letters.every(({ raw }) => found.subarray(0, raw.length).equals(raw));
}

async function fallbackHead({ parser, headerFrom }: HeadSources): Promise<Buffer | null> {
  if (headerFrom === null) return needsNoHead(parser) ? NOTHING : null;
  try {
    const bytes = await openSourceBytes(headerFrom);
    try {
      return await headOf(headerFrom, bytes, parser);
    } finally {
      await bytes.close();
    }
  } catch (error) {
    throw new HeadraceError('CONFIG_INVALID', `--header-from ${headerFrom}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function unknownHeads(letters: readonly DeadLetter[]): HeadraceError {
  const lines = [...Map.groupBy(letters, ({ file }) => file)].map(
    ([file, group]) =>
      `${file}: the header of ${group.length === 1 ? '1 row' : `${group.length} rows`} is not known: the file is not there any more, or is another one now`,
  );
  const mend = 'Give a file with the same header: --header-from FILE';
  return new HeadraceError('CONFIG_INVALID', `${lines.join('\n')}\n${mend}`);
}
