import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'chokidar';
import { offlineWorker } from '../../dry-run/offline-worker.ts';
import { withNamedFiles } from './named-files.ts';

export const WATCH = ['--watch', 'do it again whenever the files it is made of change, plugins too'] as const;

/** Editors write in several steps: it is over when nothing has happened for so long. */
const SETTLE_MS = 100;

export interface WatchedCommand {
  /** Files that it was given; those that they name are watched too, and the folders of the worker's plugins. */
  readonly files: readonly string[];
  readonly worker: string | null;
  /** The screen is somebody's to look at. */
  readonly clears: boolean;
}

/**
 * Runs this command without `--watch`, in a process of its own, as a module that was loaded stays as it was; and again after
 * each change. Ends when the process is ended.
 */
export async function runAtChanges({ files, worker, clears }: WatchedCommand): Promise<never> {
  while (true) {
    const all = withNamedFiles(worker === null ? files : [...files, worker]);
    // Before it runs: what changes meanwhile is seen.
    const change = await changeOf([...all, ...(await pluginFolders(worker))]);
    if (clears && process.stdout.isTTY) process.stdout.write('\x1b[2J\x1b[3J\x1b[H');
    await runOnce();
    console.error('waiting for a change; Ctrl-C ends it');
    await change.come;
  }
}

async function pluginFolders(worker: string | null): Promise<readonly string[]> {
  // What is wrong with the worker's file the command tells.
  return await offlineWorker(worker, process.env).then(
    ({ pluginPath }) => pluginPath,
    () => [],
  );
}

async function runOnce(): Promise<void> {
  const args = process.argv.slice(1).filter((arg) => arg !== WATCH[0]);
  const child = spawn(process.execPath, [...process.execArgv, ...args], { stdio: 'inherit' });
  await once(child, 'exit');
}

/** Resolves once it watches. */
async function changeOf(paths: readonly string[]): Promise<{ readonly come: Promise<void> }> {
  const watcher = watch([...paths], { ignoreInitial: true, ignored: /node_modules|\/\.git$/ });
  const { promise: come, resolve } = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | undefined;
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(() => void watcher.close().then(resolve), SETTLE_MS);
  });
  await once(watcher, 'ready');
  return { come };
}
