import { posix } from 'node:path';
import type { NotOpened } from '../files/file-store.ts';
import type { FileVersion, FoundFile } from '../files/file-version.ts';
import type { RangeSource } from '../files/remote/range.ts';
import { MayPass } from '../files/remote/retrying.ts';
import { changed, unreadable } from '../files/source-errors.ts';
import type { SftpPool } from './connection.ts';
import { kindOf, lookAt, versionOf } from './file-kind.ts';
import { refusedCall } from './server-errors.ts';
import { isMissing, type SftpSession } from './session.ts';

/** Bytes of one range that are asked for and have not come: as much as the window lets through that ssh2 gives. */
const IN_FLIGHT_BYTES = 2 * 1024 * 1024;

/**
 * Why what is there is no regular file below `root` that may be opened; null when it is one. A link on the way to it would lead to what nobody has listed, and
 * a FIFO would hold the server, so both are looked for before it is opened.
 */
export async function whyNotOpened(
  session: SftpSession,
  { absolute, place }: FoundFile,
  root: string,
): Promise<NotOpened | null> {
  const folders: string[] = [];
  for (let at = posix.dirname(place); at !== '.'; at = posix.dirname(at)) folders.push(posix.join(root, at));
  const [file, ...above] = await Promise.all([absolute, ...folders].map((path) => lookAt(session, path)));
  if (file === null || file === undefined || above.includes(null)) return 'gone';
  const isLink = [file, ...above].some((stats) => stats !== null && kindOf(stats) === 'link');
  if (isLink) return 'a link';
  return kindOf(file) === 'file' ? null : 'not a regular file';
}

/** A file that is open on those connections that have read of it, as long as it is what it was on each. */
export class SftpFile implements RangeSource {
  readonly #pool: SftpPool;
  readonly #found: FoundFile;
  readonly #handles = new Map<SftpSession, Promise<Buffer>>();
  /** As it was last seen: it may have grown since it was opened. */
  #seen: FileVersion;
  #ranges = 0;

  private constructor(
    pool: SftpPool,
    found: FoundFile,
    session: SftpSession,
    handle: Buffer,
    seen: FileVersion,
  ) {
    this.#pool = pool;
    this.#found = found;
    this.#seen = seen;
    this.#handles.set(session, Promise.resolve(handle));
  }

  /** Throws what the server answers. */
  static async open(pool: SftpPool, session: SftpSession, found: FoundFile): Promise<SftpFile> {
    const handle = await session.open(found.absolute);
    const seen = versionOf(await session.fstat(handle));
    return new SftpFile(pool, found, session, handle, seen);
  }

  get version(): FileVersion {
    return this.#seen;
  }

  /** Ranges take turns on the connections. */
  async read(from: number, to: number, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const session = await this.#pool.session(this.#ranges++);
    const handle = await this.#handleOn(session);
    return this.#pieces(session, handle, from, to, signal);
  }

  async stat(signal: AbortSignal): Promise<FileVersion> {
    const look = async (session: SftpSession) => session.fstat(await this.#handleOn(session));
    const asked = this.#pool.ask(`look at ${this.#found.path}`, look, signal);
    // Servers may go by the name though they are given the handle.
    this.#seen = versionOf(await asked.catch((error: unknown) => this.#notThere('looked at', error)));
    return this.#seen;
  }

  /** Throws what it means that a file which was there is refused. */
  #notThere(what: string, error: unknown): never {
    const { path } = this.#found;
    if (isMissing(error)) throw changed(path, 'was taken away');
    throw refusedCall(`${JSON.stringify(path)} could not be ${what}`, 'read it', error);
  }

  async close(): Promise<void> {
    const handles = [...this.#handles];
    this.#handles.clear();
    await Promise.allSettled(handles.map(async ([session, handle]) => session.close(await handle)));
  }

  #handleOn(session: SftpSession): Promise<Buffer> {
    const known = this.#handles.get(session);
    if (known !== undefined) return known;
    for (const other of this.#handles.keys()) if (other.isLost) this.#handles.delete(other);
    const opening = this.#openAgain(session);
    this.#handles.set(session, opening);
    opening.catch(() => this.#handles.delete(session));
    return opening;
  }

  /** What has the name now must be what was opened first, as far as the server tells, or that and more. */
  async #openAgain(session: SftpSession): Promise<Buffer> {
    const { path, absolute } = this.#found;
    const opening = session.open(absolute);
    const handle = await opening.catch((error: unknown) => this.#notThere('opened again', error));
    const now = versionOf(await session.fstat(handle));
    const { size, mtimeNs } = this.#seen;
    if (now.size > size || (now.size === size && now.mtimeNs === mtimeNs)) return handle;
    await session.close(handle);
    throw changed(path, now.size < size ? 'was cut short' : 'was written anew');
  }

  async *#pieces(
    session: SftpSession,
    handle: Buffer,
    from: number,
    to: number,
    signal: AbortSignal,
  ): AsyncGenerator<Buffer, void, undefined> {
    const { requestBytes } = session;
    const most = Math.ceil(IN_FLIGHT_BYTES / requestBytes);
    const asked: Promise<Buffer>[] = [];
    for (let next = from; ; ) {
      // Many at once go out as one: each by itself would cost a system call, and wake the server.
      const isTime = asked.length <= most / 2 && !signal.aborted;
      while (isTime && asked.length < most && next < to) {
        const end = Math.min(to, next + requestBytes);
        const piece = this.#piece(session, handle, next, end);
        // Nobody waits for it when one before it fails.
        piece.catch(() => {});
        asked.push(piece);
        next = end;
      }
      const first = asked.shift();
      if (first === undefined) return;
      yield await first;
    }
  }

  /** Servers may give less than they were asked for. */
  async #piece(session: SftpSession, handle: Buffer, from: number, to: number): Promise<Buffer> {
    const piece = Buffer.allocUnsafeSlow(to - from);
    for (let done = 0; done < piece.length; ) {
      const bytes = await session.read(handle, piece.subarray(done), from + done);
      if (bytes === 0) throw await this.#atEnd(session, handle, from + done);
      done += bytes;
    }
    return piece;
  }

  /** It had more than that when it was last looked at. */
  async #atEnd(session: SftpSession, handle: Buffer, position: number): Promise<Error> {
    const { path } = this.#found;
    if (versionOf(await session.fstat(handle)).size <= position) return changed(path, 'was cut short');
    const problem = `${JSON.stringify(path)} has bytes behind ${position} that the server does not give`;
    return new MayPass(problem, { cause: unreadable(problem, "the server's log tells why") });
  }
}
