import { print, printJson } from '../print.ts';
import { connectorPath, type WorkerAnswer, type WorkerClient } from '../remote/worker-client.ts';
import type { AlterFlags } from './alter-offsets.ts';
import { readAlteration } from './alteration-file.ts';
import { chosen, type ResetFlags } from './reset-offsets.ts';
import { printOffsets, printSummaries, type ShownOffset, summaryOf } from './show-offsets.ts';

/*
 * The same by a running worker, which has the offsets of its connectors, and changes those of one that is STOPPED.
 */

/** Prints every connector of a worker with its files. */
export async function listWorkerOffsets(worker: WorkerClient, json: boolean): Promise<void> {
  const names = (await worker.get('connectors')) as readonly string[];
  const connectors: ReturnType<typeof summaryOf>[] = [];
  for (const name of names) connectors.push(summaryOf(name, await offsetsFrom(worker, name)));
  if (json) printJson({ connectors });
  else if (connectors.length > 0) printSummaries(connectors);
  else console.error(`the worker at ${worker.url} has no connectors`);
}

/** Prints the files of a connector. */
export async function showWorkerOffsets(
  worker: WorkerClient,
  connector: string,
  json: boolean,
): Promise<void> {
  const offsets = await offsetsFrom(worker, connector);
  if (json || offsets.length > 0) printOffsets(offsets, json);
  else console.error(`${connector} has no offsets: nothing of it was delivered yet`);
}

/** Forgets what a connector, or one file of it, has delivered. */
export async function resetWorkerOffsets(
  worker: WorkerClient,
  connector: string,
  { file, json }: ResetFlags,
): Promise<void> {
  const path = connectorPath(connector, 'offsets');
  if (file === undefined) return tell(await worker.send('DELETE', path), connector, json);
  const forgotten = chosen(await offsetsFrom(worker, connector), connector, file);
  const offsets = forgotten.map(({ partition }) => ({ partition, offset: null }));
  tell(await worker.send('PATCH', path, { offsets }), connector, json);
}

/** Writes offsets as a person gives them, once they are checked. */
export async function alterWorkerOffsets(
  worker: WorkerClient,
  connector: string,
  { jsonFile, json }: AlterFlags,
): Promise<void> {
  const offsets = await readAlteration(jsonFile);
  tell(await worker.send('PATCH', connectorPath(connector, 'offsets'), { offsets }), connector, json);
}

export async function offsetsFrom(worker: WorkerClient, connector: string): Promise<readonly ShownOffset[]> {
  const { offsets } = (await worker.get(connectorPath(connector, 'offsets'))) as {
    offsets: readonly ShownOffset[];
  };
  return offsets;
}

function tell({ body }: WorkerAnswer, connector: string, json = false): void {
  const { message } = body as { message: string };
  if (json) printJson({ connector, message });
  else print(`${connector}: ${message}\n`);
}
