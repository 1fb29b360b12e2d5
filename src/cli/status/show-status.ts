import { EXIT } from '../exit-codes.ts';
import { print, printJson } from '../print.ts';
import { expectationsOf, expectationText, isLate } from '../remote/expected-files.ts';
import { connectorPath, type WorkerClient } from '../remote/worker-client.ts';
import { type ConnectorStatus, statusTable } from './status-table.ts';

/** States in which rows wait for something to be mended. */
const TROUBLE: readonly string[] = ['FAILED', 'RESTARTING'];

/**
 * Prints each connector of a worker with the states of its tasks, and the reasons of those that are in trouble, and below
 * them which files are expected; gives the exit code, `EXIT.incomplete` when any is in trouble or late.
 *
 * @param connector null for all
 */
export async function showStatus(
  worker: WorkerClient,
  connector: string | null,
  json: boolean,
): Promise<number> {
  const connectors = await statusesFrom(worker, connector);
  const expectations = await expectationsOf(worker, connector);
  if (json) printJson({ connectors, expectations });
  else if (connectors.length === 0) console.error(`the worker at ${worker.url} has no connectors`);
  else print(statusTable(connectors));
  if (!json) print(expectationText(expectations));
  return connectors.some(isInTrouble) || expectations.some(isLate) ? EXIT.incomplete : EXIT.ok;
}

function isInTrouble({ connector, tasks }: ConnectorStatus): boolean {
  return [connector, ...tasks].some(({ state }) => TROUBLE.includes(state));
}

async function statusesFrom(
  worker: WorkerClient,
  connector: string | null,
): Promise<readonly ConnectorStatus[]> {
  if (connector !== null) return [(await worker.get(connectorPath(connector, 'status'))) as ConnectorStatus];
  const all = (await worker.get('connectors?expand=status')) as Record<string, { status: ConnectorStatus }>;
  return Object.values(all).map(({ status }) => status);
}
