import {
  appendFile,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../../../src/testing/seeded-random.ts';
import { between } from '../../random.ts';
import { FolderModel } from '../folder-model.ts';
import type { WatchedPlace } from '../folder-trial.ts';
import { HEADER, textOf } from '../row-text.ts';

/** What must become of a file that arrived. */
export interface Expected {
  readonly states: readonly string[];
  /** null: that is not known. */
  readonly rows: number | null;
}

/** Longer than nothing and shorter than a file must be quiet, however busy the machine. */
const MOST_PAUSE_MS = 300;
const GONE_MS = 120_000;

/** A drop folder into which files come in many ways at the same time, and what must become of each. */
export class ArrivingFiles implements WatchedPlace {
  readonly model = new FolderModel();
  readonly random: Random;
  /** By path below the drop folder. */
  readonly expected = new Map<string, Expected>();
  /** What must be in the folder of finished files, and in that of broken ones, whatever its name there. */
  readonly finished: Buffer[] = [];
  readonly broken: Buffer[] = [];
  /** What stays in the drop folder, as it is no file to load. */
  readonly left = new Set<string>();
  readonly #root: string;
  readonly #contents = new Map<string, Buffer>();
  #staged = 0;

  constructor(root: string, random: Random) {
    this.#root = root;
    this.random = random;
  }

  async make(): Promise<void> {
    for (const folder of ['drop', 'staging']) await mkdir(join(this.#root, folder), { recursive: true });
  }

  at(path: string): string {
    return join(this.#root, 'drop', path);
  }

  async bytes(path: string): Promise<Buffer> {
    return this.#contents.get(path) as Buffer;
  }

  /** Rows that no other file has, and the text of a file of them. */
  newText(most = 200): { rows: readonly number[]; text: string } {
    const rows = this.model.newRows(1 + Math.floor(this.random() * most));
    return { rows, text: textOf(rows, this.random) };
  }

  /** A file outside of the drop folder. */
  async stage(content: string | Buffer): Promise<string> {
    const path = join(this.#root, 'staging', `${++this.#staged}`);
    await writeFile(path, content);
    return path;
  }

  /** A folder outside of the drop folder with one file at a path below it. */
  async stageFolder(path: string, content: string): Promise<string> {
    const folder = join(this.#root, 'staging', `${++this.#staged}`);
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), content);
    return folder;
  }

  /** Renames what was staged into the drop folder. */
  async comes(staged: string, path: string): Promise<void> {
    await mkdir(dirname(this.at(path)), { recursive: true });
    await rename(staged, this.at(path));
  }

  /** A file that is in the drop folder under one name gets another one there. */
  async renamed(from: string, to: string): Promise<void> {
    await mkdir(dirname(this.at(to)), { recursive: true });
    await rename(this.at(from), this.at(to));
  }

  async linked(staged: string, path: string): Promise<void> {
    await link(staged, this.at(path));
    await this.pause();
    await unlink(staged);
  }

  async symlinked(staged: string, path: string): Promise<void> {
    this.left.add(path);
    await symlink(staged, this.at(path));
  }

  /** Writes a text piece by piece; the clock of the one who writes differs from ours by `skewMs`, where it is set. */
  async writtenSlowly(path: string, text: string, skewMs?: number): Promise<void> {
    const pieces = 2 + Math.floor(this.random() * 4);
    await mkdir(dirname(this.at(path)), { recursive: true });
    await writeFile(this.at(path), '');
    for (let piece = 0; piece < pieces; piece++) {
      const [from, to] = [piece, piece + 1].map((part) => Math.floor((text.length * part) / pieces));
      await appendFile(this.at(path), text.slice(from, to));
      if (skewMs !== undefined) {
        const time = new Date(Date.now() + skewMs);
        await utimes(this.at(path), time, time);
      }
      await this.pause();
    }
  }

  /** Says that these rows are to be delivered under a path, whose file is whole now. */
  wholeNow(path: string, rows: readonly number[], content: string | Buffer, states = ['COMPLETED']): void {
    this.model.put(path, rows);
    this.#contents.set(path, Buffer.from(content));
    this.finished.push(Buffer.from(content));
    this.expected.set(path, { states, rows: rows.length });
  }

  /** Says that a file is given up; the rows before its fault may come. */
  brokenNow(path: string, rows: readonly number[], content: Buffer): void {
    this.model.put(path, rows);
    this.model.remove(path);
    this.broken.push(content);
    // What is told of the last second before a kill is lost: that it was moved too.
    this.expected.set(path, { states: ['QUARANTINED', 'FAILED'], rows: null });
  }

  /** Waits until a file is taken out of the drop folder. */
  async gone(path: string): Promise<void> {
    const folder = dirname(this.at(path));
    const isThere = async () => (await readdir(folder).catch(() => [] as string[])).includes(basename(path));
    const giveUpAt = performance.now() + GONE_MS;
    while (await isThere()) {
      if (performance.now() > giveUpAt) throw new Error(`${path} is not put away`);
      await delay(100);
    }
  }

  async pause(): Promise<void> {
    await delay(between(this.random, 10, MOST_PAUSE_MS));
  }

  /** What is wrong with where the files are now. */
  async misplaced(): Promise<string[]> {
    const inDrop = await filesBelow(join(this.#root, 'drop'));
    const places = await Promise.all([
      this.#missing('done', this.finished),
      this.#missing('failed', this.broken),
    ]);
    return [
      ...inDrop
        .filter((path) => !this.left.has(path))
        .map((path) => `${JSON.stringify(path)} is still in the drop folder`),
      ...places.flat(),
    ];
  }

  async #missing(folder: string, wanted: readonly Buffer[]): Promise<string[]> {
    const paths = await filesBelow(join(this.#root, folder));
    const there = new Set<string>();
    for (const path of paths) there.add(await readFile(join(this.#root, folder, path), 'latin1'));
    return wanted
      .map((content) => content.toString('latin1'))
      .filter((content) => !there.has(content))
      .map(
        (content) =>
          `${folder} lacks the file that begins with ${JSON.stringify(content.slice(HEADER.length, 40))}`,
      );
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
