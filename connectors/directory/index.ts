import { access, constants, realpath, stat } from 'node:fs/promises';
import type { ConfigValues, LookoutContext, PluginLog, TaskContext } from '../../src/plugin/index.ts';
import { defineConfig, defineSourceConnector, HeadraceError } from '../../src/plugin/index.ts';
import { DiskStore, foldersThere } from '../files/disk/disk-store.ts';
import { FolderScan } from '../files/disk/folder-scan.ts';
import { Finisher } from '../files/finishing/finisher.ts';
import {
  checkFileOptions,
  checkFolders,
  checkWatching,
  fileOptions,
  isAbove,
  orderOptions,
  taskCountFor,
  watchingOptions,
} from '../files/options.ts';
import { isWithin } from '../files/paths.ts';
import { unreadable } from '../files/source-errors.ts';
import { lookOut, ofRoot } from '../files/watching/look-out.ts';
import type { WatchNote } from '../files/watching/watch-note.ts';
import { watchStore } from '../files/watching/watch-store.ts';
import type { Waker, WatchTask } from '../files/watching/watch-task.ts';
import { filesIn } from './files-in-folder.ts';
import { FolderWatch } from './folder-watch.ts';

const config = defineConfig({
  inputPath: {
    doc:
      'The folder to watch, with all folders below it. Hidden files and folders, links and devices are passed over. It ' +
      'may itself be a link, and be led elsewhere while it is watched.',
    format: 'path',
    required: true,
  },
  inputFilePattern: {
    doc:
      'Which files to load, as a glob. Without a slash it is for the file name, in whatever folder (*.csv{,.gz}); with ' +
      'one, for the path below input.path (asx/**/*.csv).',
    format: 'string',
    default: '*',
  },
  ...watchingOptions,
  settleMs: {
    doc:
      'Milliseconds for which a file must not have changed before it is read: two looks that far apart saw the same size ' +
      'and times, whatever the times say. Raise it when files are written slowly; 0 when they are only ever renamed in, ' +
      'complete.',
    format: 'nat',
    default: 2000,
  },
  scanIntervalMs: {
    doc:
      'Milliseconds between scans of the folder. Changes are mostly noticed at once; the scan finds what was not noticed, ' +
      'as on network shares.',
    format: 'nat',
    default: 10_000,
  },
  ...orderOptions,
  ...fileOptions,
});

type DirectoryConfig = ConfigValues<typeof config>;

/** A folder that is watched: each file that comes is loaded once it is complete, oldest first. */
export default defineSourceConnector({
  name: 'directory',
  doc: 'Watches a folder and loads every file that comes into it, each row exactly once.',
  config,
  *check(values) {
    yield* checkFileOptions(values);
    yield* checkFolders(values);
    yield* checkWatching(values);
  },
  taskCount: taskCountFor,
  countFiles: async (values) => (await filesIn(values)).length,
  createTask,
  lookOut: lookOutInFolder,
});

async function createTask(values: DirectoryConfig, context: TaskContext): Promise<WatchTask> {
  const { inputPath } = values;
  const { log } = context;
  const excluded: string[] = [];
  const scan = new FolderScan({ inputPath, excluded, log });
  const store = new DiskStore(scan);
  const finisher = new Finisher(store, values);
  const root = await folderAt(inputPath, !finisher.leavesFiles);
  excluded.push(...(await finisher.prepare(log)));
  for (const folder of excluded) {
    if (isWithin(root, folder)) throw new HeadraceError('CONFIG_INVALID', isAbove(inputPath, folder));
  }
  return watchStore(context, {
    store,
    finisher,
    values,
    settleMs: values.settleMs,
    root: () => scan.root,
    waker: (wake) => folderWaker(scan, wake, log),
  });
}

async function lookOutInFolder(
  values: DirectoryConfig,
  context: LookoutContext,
  note: unknown,
): Promise<WatchNote> {
  const { inputPath, finishedPath, errorPath, scanIntervalMs } = values;
  const { log } = context;
  const excluded = await foldersThere([finishedPath, errorPath]);
  const scan = new FolderScan({ inputPath, excluded, log: ofRoot(log) });
  return await lookOut(
    context,
    {
      store: new DiskStore(scan),
      names: values,
      scanIntervalMs,
      excluded,
      knowsFilesThatStay: finishedPath === null && !values.finishedDelete,
      waker: (wake) => folderWaker(scan, wake, log),
    },
    note as WatchNote | null,
  );
}

function folderWaker(scan: FolderScan, wake: (path: string | null) => void, log: PluginLog): Waker {
  const watch = new FolderWatch((absolute) => wake(absolute === null ? null : scan.pathOf(absolute)), log);
  return { listed: () => watch.follow(scan.folders), close: () => watch.close() };
}

/** The folder's real path. */
async function folderAt(path: string, mustWrite: boolean): Promise<string> {
  const problem = `input.path ${JSON.stringify(path)}`;
  const root = await realpath(path).catch((error: unknown) => {
    const mend = 'make the folder, mount it, or let this user read it; it is read as soon as it is there';
    throw unreadable(`${problem} cannot be used`, mend, error, { awaits: path });
  });
  const isFolder = await stat(root).then((stats) => stats.isDirectory());
  if (!isFolder) throw unreadable(`${problem} is not a folder`, 'for a file, use connector.class: local');
  const { R_OK, X_OK, W_OK } = constants;
  await access(root, R_OK | X_OK | (mustWrite ? W_OK : 0)).catch((error: unknown) => {
    const needs = mustWrite ? 'read it and move files out of it' : 'read it';
    throw unreadable(`${problem} cannot be used`, `let this user ${needs}`, error);
  });
  return root;
}
