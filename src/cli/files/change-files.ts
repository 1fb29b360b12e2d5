import type { WorkerConfig } from '../../config/worker-config.ts';
import type { FileStatus } from '../../offsets/file-status.ts';
import { rewriteOffsets, tombstonesOf } from '../../offsets/rewrite-offsets.ts';
import { counted } from '../../terminal/figures.ts';
import { fileOf, offsetStoreOf } from '../offsets/offset-store.ts';
import { shutOutIdle, tellShutOut } from '../offsets/shut-out-idle.ts';
import { offsetsFrom } from '../offsets/worker-offsets.ts';
import { print, printJson } from '../print.ts';
import { connectorPath, type WorkerClient } from '../remote/worker-client.ts';
import { requireNoLogin, type WorkerFlags, workerOf } from '../remote/worker-command.ts';
import { quietClient, workerOption } from '../worker-option.ts';
import { forgetStates } from './forget-states.ts';
import { type FilesFlags, fileNamed, filesFrom, filesIn } from './known-files.ts';

/** Has a running worker try again what was given up; all of it when no file is named. */
export async function retryFiles(
  connector: string,
  paths: readonly string[],
  flags: WorkerFlags,
): Promise<void> {
  const worker = await workerOf(flags);
  const wanted = paths.length === 0 ? {} : { files: paths };
  const { body } = await worker.send('POST', connectorPath(connector, 'files/retry'), wanted);
  const { files, tasks } = body as { files: readonly string[]; tasks: readonly number[] };
  if (flags.json) return printJson({ connector, files, tasks });
  if (files.length + tasks.length === 0) return print(`${connector}: nothing is FAILED\n`);
  const what = [
    ...(files.length === 0 ? [] : [counted(files.length, 'file')]),
    ...(tasks.length === 0 ? [] : [counted(tasks.length, 'task')]),
  ];
  print(`${connector}: ${what.join(' and ')} tried again\n`);
}

export interface ForgetFlags extends FilesFlags {
  readonly force?: true;
}

/** Forgets how far files are delivered, and their states: where they are they count as new. */
export async function forgetNamed(
  connector: string,
  paths: readonly string[],
  flags: ForgetFlags,
): Promise<void> {
  if (flags.worker === undefined) await forgetThroughWorker(await workerOf(flags), connector, paths);
  else {
    requireNoLogin(flags);
    await forgetInKafka(await workerOption(flags.worker), connector, paths, flags.force === true);
  }
  if (flags.json) printJson({ connector, forgotten: paths });
  else print(`${connector}: ${counted(paths.length, 'file')} forgotten\n`);
}

async function forgetThroughWorker(
  worker: WorkerClient,
  connector: string,
  paths: readonly string[],
): Promise<void> {
  requireMet(paths, await filesFrom(worker, connector), connector);
  const known = await offsetsFrom(worker, connector);
  const offsets = paths.flatMap((path) => {
    const own = known.filter((entry) => fileOf(entry) === path).map(({ partition }) => partition);
    // Of one of which nothing was delivered only its state is there to forget.
    const partitions = own.length > 0 ? own : [{ file: path, generation: '' }];
    return partitions.map((partition) => ({ partition, offset: null }));
  });
  await worker.send('PATCH', connectorPath(connector, 'offsets'), { offsets });
}

async function forgetInKafka(
  worker: WorkerConfig,
  connector: string,
  paths: readonly string[],
  force: boolean,
): Promise<void> {
  const client = quietClient(worker);
  requireMet(paths, await filesIn(client, worker, connector), connector);
  const store = await offsetStoreOf(client, worker);
  await rewriteOffsets(client, {
    ...(await shutOutIdle(store, connector, force)),
    decide: (table) =>
      tombstonesOf(table.of(connector).filter((entry) => paths.includes(fileOf(entry) ?? ''))),
  });
  await forgetStates(client, worker, connector, paths);
  tellShutOut(connector);
}

/** @throws HeadraceError CONFIG_INVALID when a connector has not met one of these files */
function requireMet(paths: readonly string[], files: readonly FileStatus[], connector: string): void {
  for (const path of paths) fileNamed(files, connector, path);
}
