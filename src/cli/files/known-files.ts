import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import type { FileStatus } from '../../offsets/file-status.ts';
import { recallFiles } from '../../runtime/files/recalled-files.ts';
import { didYouMean } from '../../values/closest-name.ts';
import { connectorPath, type WorkerClient } from '../remote/worker-client.ts';
import { requireNoLogin, type WorkerFlags, workerOf } from '../remote/worker-command.ts';
import { quietClient, workerOption } from '../worker-option.ts';

/** Who is asked: a running worker, or, with `--worker`, Kafka. */
export interface FilesFlags extends WorkerFlags {
  readonly worker?: string;
}

/** The files of a connector, as a running worker tells them, or as Kafka has them. */
export async function filesOf(connector: string, flags: FilesFlags): Promise<readonly FileStatus[]> {
  if (flags.worker === undefined) return await filesFrom(await workerOf(flags), connector);
  requireNoLogin(flags);
  const config = await workerOption(flags.worker);
  return await filesIn(quietClient(config), config, connector);
}

/** Those that it tells of: thousands that changed last. */
export async function filesFrom(worker: WorkerClient, connector: string): Promise<readonly FileStatus[]> {
  return (await worker.get(connectorPath(connector, 'files'))) as readonly FileStatus[];
}

/** All of them. */
export async function filesIn(
  client: KafkaClient,
  config: WorkerConfig,
  connector: string,
): Promise<readonly FileStatus[]> {
  const isWanted = (name: string) => name === connector;
  return (await recallFiles(client, config, { isWanted })).filesOf(connector);
}

/** @throws HeadraceError CONFIG_INVALID when a connector has not met a file */
export function fileNamed(files: readonly FileStatus[], connector: string, path: string): FileStatus {
  const found = files.find(({ file }) => file === path);
  if (found !== undefined) return found;
  const known = files.map(({ file }) => file);
  throw new HeadraceError(
    'CONFIG_INVALID',
    `${connector} has met no file ${JSON.stringify(path)}${didYouMean(path, known)}. headrace files list ${connector} lists them.`,
  );
}
