import { resolve } from 'node:path';
import type { ConnectorConfig } from '../../config/connector-config.ts';
import { parseConfigText } from '../../config/read/config-file.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import type { DataFile } from '../../dry-run/data-file.ts';
import { offlineWorker } from '../../dry-run/offline-worker.ts';
import { type ErrorCode, HeadraceError } from '../../errors.ts';
import { drawGuess } from '../../preview/draw/draw-guess.ts';
import { drawPreview } from '../../preview/draw/draw-preview.ts';
import { type FileKind, fileKind } from '../../preview/file-kind.ts';
import { fileAt, firstFile, namedFile } from '../../preview/first-file.ts';
import { guessFile } from '../../preview/guess/guess-file.ts';
import { starterFeed } from '../../preview/guess/starter-feed.ts';
import { previewFile, previewRows } from '../../preview/preview.ts';
import { previewJson } from '../../preview/preview-json.ts';
import { saveNew } from '../../preview/save-new.ts';
import { type SchemaFormat, writtenSchema } from '../../preview/written-schema.ts';
import { type Feed, feedOf } from '../../runtime/worker/feed.ts';
import { readFeeds } from '../../runtime/worker/feed-files.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { printable } from '../../terminal/text.ts';
import { isUrl } from '../../values/url.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import { print, printAll, printError } from '../print.ts';

export interface PreviewOptions {
  readonly rows: number;
  readonly worker: string | null;
  /** Where to write the feed that was guessed, or the schema. */
  readonly save: string | null;
  /** The schema of the records is wanted, in this format. */
  readonly schema: SchemaFormat | null;
  readonly json: boolean;
  readonly terminal: Terminal;
}

/** Shows the first rows of a file. Gives the exit code. */
export async function preview(
  first: string,
  second: string | null,
  options: PreviewOptions,
): Promise<number> {
  try {
    const { kind, certain } = fileKind(first);
    checkPlaces(first, kind, second, options);
    const worker = await offlineWorker(options.worker, process.env);
    if (kind === 'rows') await previewGuess(first, certain, worker, options);
    else await previewFeed(first, second, worker, options);
    return EXIT.ok;
  } catch (error) {
    printError(error);
    return previewExitCode(error);
  }
}

/** @throws HeadraceError CONFIG_INVALID when files or options are not where they belong */
function checkPlaces(
  first: string,
  kind: FileKind['kind'],
  second: string | null,
  { save, schema }: PreviewOptions,
): void {
  const usage = (message: string) => new HeadraceError('CONFIG_INVALID', message);
  if (kind === 'rows' && second !== null) {
    const swap =
      fileKind(second).kind === 'feed' ? `; did you mean headrace preview ${second} ${first}?` : '';
    throw usage(`${first}: expected a feed before ${second}, got a file of rows${swap}`);
  }
  if (kind === 'feed' && save !== null && schema === null) {
    throw usage(`--save: writes a feed that was guessed from a file of rows, and ${first} is a feed already`);
  }
}

async function previewFeed(
  path: string,
  file: string | null,
  worker: WorkerConfig,
  options: PreviewOptions,
): Promise<void> {
  const { rows, json, terminal } = options;
  const [{ config }] = (await readFeeds([path], worker)) as [Feed];
  const data = file === null ? await firstFile(config) : await namedFile(file, config);
  try {
    if (options.schema !== null) return await giveSchema(config, data, options.schema, options.save);
    if (json) return await printAll(previewJson(path, data.shown, previewRows(config, data, rows)));
    const shown = await previewFile(config, data, rows);
    for (const note of shown.notes) console.error(printable(note));
    print(drawPreview(shown, config, terminal));
  } finally {
    await data.store?.close();
  }
}

async function previewGuess(
  path: string,
  certain: boolean,
  worker: WorkerConfig,
  options: PreviewOptions,
): Promise<void> {
  const absolute = resolve(path);
  const file = isUrl(path) ? await fileAt(path, {}) : { shown: path, path: absolute, absolute };
  try {
    await previewGuessOf(file, certain, worker, options);
  } finally {
    await file.store?.close();
  }
}

async function previewGuessOf(
  file: DataFile,
  certain: boolean,
  worker: WorkerConfig,
  { rows, json, save, schema, terminal }: PreviewOptions,
): Promise<void> {
  const path = file.shown;
  const guess = await guessFile(file);
  if (!certain) console.error(`${path}: taken for a file of rows; a feed would have connector.class in it`);
  const starter = starterFeed(file, guess, save ?? 'feed.yaml');
  const place = { source: save ?? 'feed.yaml', folder: resolve(save ?? '.', save === null ? '.' : '..') };
  const { config } = await feedOf(parseConfigText(starter, place).config, worker);
  if (schema !== null) return giveSchema(config, file, schema, save);
  if (json) {
    await printAll(previewJson(save, file.shown, previewRows(config, file, rows), { guess }));
    if (save !== null) saveNew(save, starter);
    return;
  }
  const shown = await previewFile(config, file, rows);
  if (save !== null) saveNew(save, starter);
  const next = save === null ? ['preview', path, '--save', 'feed.yaml'] : ['preview', save];
  print(drawGuess(shown, guess, next, terminal));
}

async function giveSchema(
  config: ConnectorConfig,
  file: DataFile,
  format: SchemaFormat,
  save: string | null,
): Promise<void> {
  const { text, notes } = await writtenSchema(config, file, format);
  for (const note of notes) console.error(printable(note));
  if (save === null) print(text);
  else saveNew(save, text);
}

const USAGE_CODES: readonly ErrorCode[] = [
  'SOURCE_UNREADABLE',
  'SOURCE_MALFORMED',
  'COLUMNS_MISSING',
  'COLUMNS_UNKNOWN',
  'PLUGIN_FAILED',
];

/** Nothing is loaded that could be taken up again: a file that cannot be read was named by mistake. */
function previewExitCode(error: unknown): number {
  const isUsage = error instanceof HeadraceError && USAGE_CODES.includes(error.code);
  return isUsage ? EXIT.usage : exitCodeOf(error);
}
