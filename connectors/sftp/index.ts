import type { ConfigValues, LookoutContext, TaskContext } from '../../src/plugin/index.ts';
import { defineConfig, defineSourceConnector, HeadraceError } from '../../src/plugin/index.ts';
import { fixedPart } from '../files/finishing/dated-path.ts';
import { Finisher } from '../files/finishing/finisher.ts';
import {
  checkFileOptions,
  checkFolders,
  checkWatching,
  isAbove,
  orderOptions,
  remoteFileOptions,
  taskCountFor,
} from '../files/options.ts';
import { isWithin } from '../files/paths.ts';
import { SILENT } from '../files/silent-log.ts';
import { lookOut, ofRoot } from '../files/watching/look-out.ts';
import { WantedFiles } from '../files/watching/wanted-files.ts';
import type { WatchNote } from '../files/watching/watch-note.ts';
import { watchStore } from '../files/watching/watch-store.ts';
import type { WatchTask } from '../files/watching/watch-task.ts';
import { openSftp, type SftpPool } from './connection.ts';
import { Listing } from './listing.ts';
import { checkSftpOptions, sftpOptions } from './options.ts';
import { SftpStore } from './sftp-store.ts';

const config = defineConfig({
  ...sftpOptions,
  inputPath: {
    doc:
      'The folder on the server to watch, with all folders below it, as the server shows it to sftp.user. A relative one ' +
      'is below the folder in which a login begins. Links and devices are passed over.',
    format: 'string',
    required: true,
  },
  settleMs: {
    doc:
      'Milliseconds for which a file must not have changed before it is read: two looks that far apart saw the same size ' +
      'and time, whatever the clock of the server says. Servers tell times in whole seconds. 0 when files are only ever ' +
      'renamed in, complete.',
    format: 'nat',
    default: 10_000,
  },
  ...remoteFileOptions,
  ...orderOptions,
});

type SftpConfig = ConfigValues<typeof config>;

/** A folder on a server that is watched: each file that comes is loaded once it is complete, oldest first. */
export default defineSourceConnector({
  name: 'sftp',
  doc: 'Watches a folder on an SFTP server and loads every file that comes into it, each row exactly once.',
  config,
  *check(values) {
    yield* checkSftpOptions(values);
    yield* checkFileOptions(values);
    yield* checkFolders(values);
    yield* checkWatching(values);
  },
  taskCount: taskCountFor,
  countFiles,
  createTask,
  lookOut: lookOutOnServer,
});

async function createTask(values: SftpConfig, context: TaskContext): Promise<WatchTask> {
  const { inputPath } = values;
  const { log } = context;
  const excluded: string[] = [];
  const pool = await openSftp(values, log);
  try {
    const listing = new Listing({ pool, inputPath, excluded, log });
    const root = await listing.requireRoot(context.signal);
    const store = new SftpStore(pool, listing);
    const finisher = new Finisher(store, values);
    excluded.push(...(await finisher.prepare(log)));
    for (const folder of excluded) {
      if (isWithin(root, folder)) throw new HeadraceError('CONFIG_INVALID', isAbove(inputPath, folder));
    }
    const { settleMs } = values;
    return watchStore(context, { store, finisher, values, settleMs, root: () => listing.root });
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/** A server tells too little of a file that stays to know it by its listing. */
async function lookOutOnServer(
  values: SftpConfig,
  context: LookoutContext,
  note: unknown,
): Promise<WatchNote> {
  const { inputPath, scanIntervalMs } = values;
  const { log, signal } = context;
  const pool = await openSftp(values, log);
  try {
    const excluded = await foldersOn(pool, values, signal);
    const listing = new Listing({ pool, inputPath, excluded, log: ofRoot(log) });
    const store = new SftpStore(pool, listing);
    const place = { store, names: values, scanIntervalMs, excluded: [], knowsFilesThatStay: false };
    return await lookOut(context, place, note as WatchNote | null);
  } finally {
    await pool.close();
  }
}

async function countFiles(values: SftpConfig): Promise<number> {
  const { inputPath } = values;
  const pool = await openSftp(values, SILENT);
  try {
    const { signal } = new AbortController();
    const excluded = await foldersOn(pool, values, signal);
    const listing = new Listing({ pool, inputPath, excluded, log: SILENT });
    const wanted = WantedFiles.ofFeed(values);
    let files = 0;
    for await (const page of listing.pages(wanted, signal)) files += page.length;
    return files;
  } finally {
    await pool.close();
  }
}

/** The real paths of the folders that files are moved to, without the dates in them. */
function foldersOn(
  pool: SftpPool,
  { finishedPath, errorPath }: SftpConfig,
  signal: AbortSignal,
): Promise<string[]> {
  const given = [finishedPath, errorPath].filter((path) => path !== null).map(fixedPart);
  const real = (path: string) => pool.ask('find a folder', (session) => session.realpath(path), signal);
  return Promise.all(given.map(real));
}
