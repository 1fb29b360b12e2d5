import { stat } from 'node:fs/promises';
import { messageOf, type PluginLog } from '../../src/plugin/index.ts';
import { type ReferenceColumns, type ReferenceRows, readReferenceFile } from './reference-file.ts';

/** How often the file is looked at. A changed one is read when it has stayed the same from one look to the next. */
const LOOK_EVERY_MS = 1_000;

/** The rows of a reference file, read again when it changes. */
export class ReloadingTable {
  readonly path: string;
  readonly #columns: ReferenceColumns;
  readonly #log: PluginLog;
  #rows: ReferenceRows;
  /** The version that was read, well or not. */
  #read: string;
  /** The version that was there at the last look. */
  #seen: string;
  #timer: NodeJS.Timeout | undefined;

  private constructor(
    path: string,
    columns: ReferenceColumns,
    log: PluginLog,
    first: { readonly rows: ReferenceRows; readonly version: string },
  ) {
    this.path = path;
    this.#columns = columns;
    this.#log = log;
    this.#rows = first.rows;
    this.#read = first.version;
    this.#seen = first.version;
    this.#timer = setTimeout(this.#look, LOOK_EVERY_MS).unref();
  }

  /** @throws HeadraceError CONFIG_INVALID when the file cannot be used */
  static async open(path: string, columns: ReferenceColumns, log: PluginLog): Promise<ReloadingTable> {
    // Before the reading: what changes meanwhile is another version.
    const version = await versionOf(path);
    const rows = await readReferenceFile(path, columns);
    log.info('reference file read', { file: path, rows: rows.size });
    return new ReloadingTable(path, columns, log, { rows, version });
  }

  get rows(): ReferenceRows {
    return this.#rows;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  readonly #look = async (): Promise<void> => {
    const version = await versionOf(this.path);
    if (this.#timer === undefined) return;
    if (version !== this.#read && version === this.#seen) await this.#reload(version);
    this.#seen = version;
    if (this.#timer !== undefined) this.#timer = setTimeout(this.#look, LOOK_EVERY_MS).unref();
  };

  async #reload(version: string): Promise<void> {
    this.#read = version;
    try {
      this.#rows = await readReferenceFile(this.path, this.#columns);
      this.#log.info('reference file read again', { file: this.path, rows: this.#rows.size });
    } catch (error) {
      const fields = { file: this.path, rows: this.#rows.size, reason: messageOf(error) };
      this.#log.error('reference file not read again; the rows from before stay', fields);
    }
  }
}

/** What changes with a file's content; empty when there is no such file. */
async function versionOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(':');
  } catch {
    return '';
  }
}
