import { posix } from 'node:path';
import type { PluginLog } from '../../src/plugin/index.ts';
import type {
  FileStore,
  LateWritesOptions,
  ListedFile,
  ListFilter,
  MovedFile,
  NotOpened,
  PutAwayOutcome,
  StoredFile,
} from '../files/file-store.ts';
import type { FileVersion, FoundFile } from '../files/file-version.ts';
import { isSameVersion } from '../files/file-version.ts';
import { noteBeside } from '../files/finishing/free-name.ts';
import { moveInto } from '../files/remote/move-into.ts';
import { RangeReader } from '../files/remote/range-reader.ts';
import type { SftpPool } from './connection.ts';
import { lookAt, versionOf } from './file-kind.ts';
import { LateWrites } from './late-writes.ts';
import type { Listing } from './listing.ts';
import { makeFolder, makeFolders, moveTo, requireWritable } from './moving.ts';
import { refusedCall, refusedMove } from './server-errors.ts';
import { isMissing, type SftpSession, STATUS, statusOf } from './session.ts';
import { SftpFile, whyNotOpened } from './sftp-file.ts';

const READ_AND_WRITE = 0o666;

/** Files on a server, by version 3 of the protocol without extensions: what every server has. */
export class SftpStore implements FileStore {
  readonly promises = {
    hasVersions: false,
    hasWholeFiles: false,
    hasAtomicMoves: true,
    listsInOrder: false,
  };
  readonly #pool: SftpPool;
  readonly #listing: Listing;
  /** Ends what is tried again; a task that is told to stop still puts away what it has delivered. */
  readonly #closing = new AbortController();

  constructor(pool: SftpPool, listing: Listing) {
    this.#pool = pool;
    this.#listing = listing;
  }

  list(filter: ListFilter, signal: AbortSignal): AsyncGenerator<readonly ListedFile[], boolean, undefined> {
    return this.#listing.pages(filter, signal);
  }

  at(path: string): FoundFile {
    return { path, place: path, absolute: posix.join(this.#listing.root, path) };
  }

  targetIn(destination: string, place: string): string {
    return posix.join(destination, place);
  }

  movedTo(target: string, path: string): MovedFile {
    return { store: this, file: { path, place: path, absolute: target } };
  }

  async stat({ path, absolute }: FoundFile): Promise<FileVersion | null> {
    const stats = await this.#ask(
      `${JSON.stringify(path)} cannot be looked at`,
      (session) => lookAt(session, absolute),
      'look into the folder it is in',
    );
    return stats === null ? null : versionOf(stats);
  }

  async open(found: FoundFile, signal: AbortSignal): Promise<StoredFile | NotOpened> {
    const { log } = this.#pool;
    const whyNot = (session: SftpSession) => whyNotOpened(session, found, this.#listing.root);
    const open = async (session: SftpSession) => {
      const before = await whyNot(session);
      if (before !== null) return before;
      const file = await SftpFile.open(this.#pool, session, found);
      const after = await whyNot(session);
      if (after !== null) await file.close();
      return after ?? file;
    };
    try {
      const file = await this.#pool.ask(`open ${found.path}`, open, signal);
      if (!(file instanceof SftpFile)) return file;
      const { version } = file;
      const stat = () => file.stat(signal);
      return new RangeReader({
        found,
        version,
        source: file,
        signal,
        log,
        stat,
        release: () => file.close(),
      });
    } catch (error) {
      if (isMissing(error)) return 'gone';
      if (statusOf(error) === STATUS.PERMISSION_DENIED) return 'denied';
      throw refusedCall(`${JSON.stringify(found.path)} could not be opened`, 'read it', error);
    }
  }

  async remove({ absolute }: FoundFile, version: FileVersion): Promise<PutAwayOutcome> {
    let mayBeDone = false;
    const remove = async (session: SftpSession) => {
      const now = await lookAt(session, absolute);
      if (now === null) return mayBeDone ? 'done' : 'gone';
      if (!isSameVersion(versionOf(now), version)) return 'replaced';
      mayBeDone = true;
      await session.remove(absolute);
      return 'done';
    };
    return await this.#ask('it cannot be deleted', remove, 'take files out of its folder');
  }

  /** Only the last folder is made: a missing one above it is more likely a slip in the path. */
  async prepareDestination(option: string, path: string, log: PluginLog): Promise<string> {
    const prepare = async (session: SftpSession) => {
      if (await makeFolder(session, path)) log.info('folder made', { option, path });
      const real = await session.realpath(path);
      await requireWritable(session, real);
      return real;
    };
    return await this.#ask(`${option} ${JSON.stringify(path)} cannot be used`, prepare, 'write to it');
  }

  async moveInto(
    destination: string,
    found: FoundFile,
    version: FileVersion,
    generation: string,
  ): Promise<{ readonly target: string } | 'gone' | 'replaced'> {
    const folder = posix.join(destination, '/');
    const parent = posix.dirname(posix.join(destination, found.place));
    const move = (target: string) => {
      let mayBeDone = false;
      return async (session: SftpSession) => {
        await makeFolders(session, destination, parent);
        const outcome = moveTo(session, found, version, target, mayBeDone);
        mayBeDone = true;
        return await outcome;
      };
    };
    const mover = {
      moveTo: (_: FoundFile, __: FileVersion, target: string) =>
        this.#pool.ask(`move ${found.path}`, move(target), this.#closing.signal),
      isCopy: async () => false,
      remove: this.remove.bind(this),
    };
    try {
      return await moveInto(mover, folder, found, version, generation);
    } catch (error) {
      throw refusedMove(`it cannot be moved to ${JSON.stringify(destination)}`, error);
    }
  }

  /** Somebody may have put a link there, whose target is none of ours. */
  async writeNote(target: string, text: string): Promise<void> {
    const note = posix.join(posix.dirname(target), noteBeside(posix.basename(target)));
    const write = async (session: SftpSession) => {
      // It may tell what is in the file: whoever may not read that may not read this.
      const { mode } = await session.lstat(target);
      if ((await lookAt(session, note)) !== null) await session.remove(note);
      const handle = await session.create(note, mode & READ_AND_WRITE);
      await session.write(handle, Buffer.from(text)).finally(() => session.close(handle));
    };
    await this.#ask(`${JSON.stringify(note)} cannot be written`, write, 'write to its folder');
  }

  lateWrites(options: LateWritesOptions): LateWrites {
    return new LateWrites(this.#pool, options);
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the store was closed'));
    await this.#pool.close();
  }

  /** @param right what the user must be allowed to do for it */
  async #ask<T>(problem: string, act: (session: SftpSession) => Promise<T>, right: string): Promise<T> {
    try {
      return await this.#pool.ask(problem, act, this.#closing.signal);
    } catch (error) {
      throw refusedCall(problem, right, error);
    }
  }
}
