import { HeadraceError } from '../../errors.ts';
import type { FileStatus } from '../../offsets/file-status.ts';
import { recallFiles } from '../../runtime/files/recalled-files.ts';
import { didYouMean } from '../../values/closest-name.ts';
import { connectorPath } from '../remote/worker-client.ts';
import { requireNoLogin, type WorkerFlags, workerOf } from '../remote/worker-command.ts';
import { quietClient, workerOption } from '../worker-option.ts';

/** Who is asked: a running worker, or, with `--worker`, Kafka. */
export interface FilesFlags extends WorkerFlags {
  readonly worker?: string;
}

/** The files of a connector, as a running worker tells them (the thousand that changed last), or as Kafka has them. */
export async function filesOf(connector: string, flags: FilesFlags): Promise<readonly FileStatus[]> {
  if (flags.worker === undefined) {
    const worker = await workerOf(flags);
    return (await worker.get(connectorPath(connector, 'files'))) as readonly FileStatus[];
  }
  requireNoLogin(flags);
  const config = await workerOption(flags.worker);
  const isWanted = (name: string) => name === connector;
  return (await recallFiles(quietClient(config), config, { isWanted })).filesOf(connector);
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
