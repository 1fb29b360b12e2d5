import { createHash, randomBytes } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { copyFile, type FileHandle, link, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A name, what is put before and behind it, and some room: file systems take 255 bytes. */
const MAX_NAME_BYTES = 180;
const ATTEMPTS = 10;
/** The file may hold what nobody else may see. */
const OWNER_ONLY = 0o600;
const COPY = /^[0-9a-f]{16}\.(?:part|held)$/;

/** What stands at a path: nothing, what goes on, or what is kept out of the way. */
export type Standing = 'nothing' | 'ours' | 'foreign';

export interface TakeoverOptions {
  readonly path: string;
  /**
   * Writes what the file begins with into a new file: from what stands there (null: nothing that could be read), if it
   * is ours. May be asked again.
   */
  readonly fill: (part: FileHandle, standing: FileHandle | null) => Promise<Standing>;
  /** Proves that nobody has taken over from us, or throws. What was found and written before it holds after it. */
  readonly prove: (standing: Standing) => Promise<void>;
}

export interface Takeover {
  /** Appends to the file at the path, which nobody else has open. */
  readonly handle: FileHandle;
  readonly standing: Standing;
  /** Where what was foreign is now; null where that was a link, or nothing. */
  readonly aside: string | null;
}

/**
 * Takes a file over from whoever wrote to it, who may be asleep and go on at any moment: a copy takes its place, and
 * what the other still writes goes into a file without a name.
 *
 * Nothing asks both Kafka and the file system at once whose turn it is. So everyone does the same things in this order:
 * fence the others in Kafka (done before), remove their copies, make a copy, prove to be fenced by nobody, rename the
 * copy. Whoever proves it before another fences it has made its copy before that one removes copies, and either has
 * renamed it by then, or has none to rename.
 */
export async function takeOverFile(options: TakeoverOptions): Promise<Takeover> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const taken = await tryTakeOver(options);
    if (taken !== null) return taken;
  }
  throw new Error('another process changes it again and again; only one feed may write to it');
}

/** Null when somebody came between; whether that one had the right to is for `prove` to say, next time. */
async function tryTakeOver({ path, fill, prove }: TakeoverOptions): Promise<Takeover | null> {
  await removeCopies(path);
  const { part, held } = copyNames(path);
  const found = await lstatOrNull(path);
  const handle = await open(part, 'ax+', OWNER_ONLY);
  let isTaken = false;
  try {
    const standing = await fillFrom(path, found, handle, fill);
    const isKept = standing === 'foreign' && found?.isFile() === true;
    if (isKept) await holdFile(path, held);
    await prove(standing);
    if (!isSame(found, await lstatOrNull(path)) || (isKept && !(await isHeld(held, found)))) return null;
    const aside = isKept ? await asideName(path) : null;
    if (aside !== null && !(await renameIfThere(held, aside))) return null;
    isTaken = await renameIfThere(part, path);
    if (!isTaken) return null;
    await syncFolder(dirname(path));
    return { handle, standing, aside };
  } finally {
    if (!isTaken) {
      await handle.close();
      await rm(part, { force: true });
    }
    await rm(held, { force: true });
  }
}

async function fillFrom(
  path: string,
  found: BigIntStats | null,
  part: FileHandle,
  fill: TakeoverOptions['fill'],
): Promise<Standing> {
  if (found !== null && !found.isFile() && !found.isSymbolicLink()) throw new Error('it is not a file');
  const standing =
    found?.isFile() === true ? await open(path, constants.O_RDONLY | constants.O_NOFOLLOW) : null;
  try {
    const result = await fill(part, standing);
    if (found?.isFile() === true && isToKeep(found, result)) await keepOwner(part, found);
    await part.sync();
    return found?.isSymbolicLink() === true ? 'foreign' : result;
  } finally {
    await standing?.close();
  }
}

/** Owner and mode of what goes on, or was prepared by this user or root, who say so that others may read it. */
function isToKeep({ uid }: BigIntStats, standing: Standing): boolean {
  if (standing !== 'nothing') return standing === 'ours';
  return uid === 0n || uid === BigInt(process.geteuid?.() ?? uid);
}

async function keepOwner(part: FileHandle, { mode, uid, gid }: BigIntStats): Promise<void> {
  await part.chown(Number(uid), Number(gid)).catch(() => {});
  await part.chmod(Number(mode) & 0o777);
}

/** A second name for a file, so that it outlives the first; a copy where the file system has no such thing. */
async function holdFile(path: string, held: string): Promise<void> {
  await link(path, held).catch(() => copyFile(path, held, constants.COPYFILE_EXCL));
}

/** A copy is another file, but has the length of what was found. */
async function isHeld(held: string, found: BigIntStats): Promise<boolean> {
  return (await lstatOrNull(held))?.size === found.size;
}

function isSame(one: BigIntStats | null, other: BigIntStats | null): boolean {
  return one?.ino === other?.ino && one?.dev === other?.dev && one?.size === other?.size;
}

function copyNames(path: string): { part: string; held: string } {
  const token = randomBytes(8).toString('hex');
  const of = (what: string) => join(dirname(path), `.${shortName(path)}.${token}.${what}`);
  return { part: of('part'), held: of('held') };
}

async function removeCopies(path: string): Promise<void> {
  const prefix = `.${shortName(path)}.`;
  for (const name of await readdir(dirname(path))) {
    const isCopy = name.startsWith(prefix) && COPY.test(name.slice(prefix.length));
    if (isCopy) await rm(join(dirname(path), name), { force: true });
  }
}

async function asideName(path: string): Promise<string> {
  for (;;) {
    const time = new Date().toISOString().replaceAll(':', '-');
    const name = join(dirname(path), `${shortName(path)}.${time}`);
    if ((await lstatOrNull(name)) === null) return name;
  }
}

function shortName(path: string): string {
  const name = basename(path);
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  return createHash('sha256').update(name).digest('hex');
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function lstatOrNull(path: string): Promise<BigIntStats | null> {
  return lstat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

/** Without it a machine that loses power may forget the new name. Not every file system can. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().catch(() => {});
  await handle.close();
}
