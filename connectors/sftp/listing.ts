import { posix } from 'node:path';
import type { FileEntryWithStats } from 'ssh2';
import type { PluginLog } from '../../src/plugin/index.ts';
import { messageOf } from '../../src/plugin/index.ts';
import { Complaints } from '../files/complaints.ts';
import type { ListedFile, ListFilter } from '../files/file-store.ts';
import { isWithin } from '../files/paths.ts';
import type { SftpPool } from './connection.ts';
import { kindOf, lookAt, versionOf } from './file-kind.ts';
import { entriesOf } from './folder-entries.ts';
import { refusedCall } from './server-errors.ts';
import { isMissing, type SftpSession, statusOf } from './session.ts';

/** What a byte is read as that is not UTF-8. */
const NO_CHARACTER = '\uFFFD';

export interface ListingOptions {
  readonly pool: SftpPool;
  /** The folder as the user names it: it may be a link, and may lead elsewhere with the next listing. */
  readonly inputPath: string;
  /** Real paths of folders that are not looked into. */
  readonly excluded: readonly string[];
  readonly log: PluginLog;
}

/** Finds the regular files below a folder of a server, however deep. */
export class Listing {
  readonly #options: ListingOptions;
  #root: string;
  readonly #complaints: Complaints;

  constructor(options: ListingOptions) {
    this.#options = options;
    this.#complaints = new Complaints(options.log);
    this.#root = options.inputPath;
  }

  /** The real path of the folder, as of the last listing. */
  get root(): string {
    return this.#root;
  }

  /**
   * Its real path, when it can be listed.
   *
   * @throws HeadraceError SOURCE_UNREADABLE
   */
  async requireRoot(signal: AbortSignal): Promise<string> {
    const { pool, inputPath } = this.#options;
    const open = async (session: SftpSession) => {
      this.#root = await session.realpath(inputPath);
      await session.close(await session.openFolder(this.#root));
    };
    try {
      await pool.ask(`find ${inputPath}`, open, signal);
      return this.#root;
    } catch (error) {
      throw refusedCall(`input.path ${JSON.stringify(inputPath)} cannot be used`, 'list it', error);
    }
  }

  /** As `FileStore.list`. */
  async *pages(
    filter: ListFilter,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ListedFile[], boolean, undefined> {
    this.#complaints.begin();
    let isWhole = await this.#findRoot(signal);
    const folders = isWhole ? [''] : [];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      try {
        for await (const entries of entriesOf(this.#options.pool, posix.join(this.#root, folder), signal)) {
          const page: ListedFile[] = [];
          for (const entry of entries) {
            const file = this.#sort(entry, posix.join(folder, entry.filename), filter, folders);
            if (file !== null && (await this.#hasName(file, signal))) page.push(file);
          }
          yield page;
        }
      } catch (error) {
        if (statusOf(error) === undefined) throw error;
        if (isMissing(error) && folder !== '') continue;
        this.#complaints.tell(
          'error',
          folder || this.#options.inputPath,
          'folder cannot be read',
          messageOf(error),
        );
        isWhole = false;
      }
    }
    return isWhole;
  }

  /** False when there is nothing to look into now. */
  async #findRoot(signal: AbortSignal): Promise<boolean> {
    const { pool, inputPath, excluded, log } = this.#options;
    try {
      const root = await pool.ask(`find ${inputPath}`, (session) => session.realpath(inputPath), signal);
      if (excluded.some((folder) => isWithin(root, folder))) {
        const message = 'input.path leads into a folder for finished or failed files; not read';
        this.#complaints.tell('error', inputPath, message);
        return false;
      }
      if (root !== this.#root && this.#root !== inputPath) {
        log.info('input.path leads to another folder now', { from: this.#root, to: root });
      }
      this.#root = root;
      return true;
    } catch (error) {
      if (statusOf(error) === undefined) throw error;
      this.#complaints.tell('error', inputPath, 'folder cannot be read', messageOf(error));
      return false;
    }
  }

  /** The file that an entry is, if it is wanted; folders that are to be looked into are added to those. */
  #sort(
    { attrs, longname }: FileEntryWithStats,
    place: string,
    filter: ListFilter,
    folders: string[],
  ): ListedFile | null {
    const kind = kindOf(attrs, longname);
    const absolute = posix.join(this.#root, place);
    if (kind === 'link') filter.metLink?.(place);
    if (kind === 'folder' && !this.#options.excluded.includes(absolute) && filter.isFolderWanted(place)) {
      folders.push(place);
    }
    if (kind === 'link' || kind === 'folder' || !filter.isFileWanted(place)) return null;
    if (kind === 'file') return { path: place, place, absolute, version: versionOf(attrs) };
    this.#complaints.tell('warn', place, 'not a regular file; passed over');
    return null;
  }

  /** A name that is not UTF-8 is listed in a form under which it cannot be found. */
  async #hasName({ absolute, place }: ListedFile, signal: AbortSignal): Promise<boolean> {
    if (!place.includes(NO_CHARACTER)) return true;
    const look = () =>
      this.#options.pool.ask(`look at ${place}`, (session) => lookAt(session, absolute), signal);
    if ((await look()) !== null) return true;
    this.#complaints.tell('warn', place, 'file name is not UTF-8; rename the file');
    return false;
  }
}
