import type { GroupShown } from '../../rest/console/messages.ts';
import { EXIT } from '../exit-codes.ts';
import { print, printJson } from '../print.ts';
import { expectationsOf, expectationText, isLate } from '../remote/expected-files.ts';
import { connectorPath, type WorkerClient } from '../remote/worker-client.ts';
import { groupText, hasSilent } from './group-text.ts';
import { type ConnectorStatus, statusTable } from './status-table.ts';

/** States in which rows wait for something to be mended. */
const TROUBLE: readonly string[] = ['FAILED', 'RESTARTING'];
/** Of a task that nobody can run; one without a reason is between two workers. */
const NOBODYS = 'UNASSIGNED';

/**
 * Prints each connector of a worker with the states of its tasks, and the reasons of those that are in trouble, and below
 * them which files are expected, and who is in the worker's group; gives the exit code, `EXIT.incomplete` when any is in
 * trouble or late, or a worker does not answer.
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
  // A worker of an older version knows nothing of the others.
  const group = connector === null ? ((await worker.find('workers')) as GroupShown | null) : null;
  if (json) printJson({ connectors, expectations, group });
  else if (connectors.length === 0) console.error(`the worker at ${worker.url} has no connectors`);
  else print(statusTable(connectors));
  if (!json) print(expectationText(expectations));
  if (!json && group !== null) print(groupText(group, Date.now()));
  const isWell = !connectors.some(isInTrouble) && !expectations.some(isLate) && !hasSilent(group);
  return isWell ? EXIT.ok : EXIT.incomplete;
}

function isInTrouble({ connector, tasks }: ConnectorStatus): boolean {
  return [connector, ...tasks].some(
    ({ state, trace }) => TROUBLE.includes(state) || (state === NOBODYS && trace !== undefined),
  );
}

async function statusesFrom(
  worker: WorkerClient,
  connector: string | null,
): Promise<readonly ConnectorStatus[]> {
  if (connector !== null) return [(await worker.get(connectorPath(connector, 'status'))) as ConnectorStatus];
  const all = (await worker.get('connectors?expand=status')) as Record<string, { status: ConnectorStatus }>;
  return Object.values(all).map(({ status }) => status);
}
