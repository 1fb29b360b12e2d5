import { type Column, textTable } from '../../terminal/text-table.ts';
import { EXIT } from '../exit-codes.ts';
import { print, printJson } from '../print.ts';
import { askWorker } from './ask-worker.ts';

export interface ShowStatusOptions {
  /** Of a running worker. */
  readonly url: string;
  /** Null for all. */
  readonly connector: string | null;
  readonly json: boolean;
}

/** As Kafka Connect's `GET /connectors/{connector}/status` gives it. */
interface ConnectorStatus {
  readonly name: string;
  readonly connector: { readonly state: string; readonly trace?: string };
  readonly tasks: readonly { readonly id: number; readonly state: string; readonly trace?: string }[];
}

const COLUMNS: readonly Column[] = [
  { title: 'connector', align: 'left' },
  { title: 'task', align: 'right' },
  { title: 'state', align: 'left' },
  { title: 'reason', align: 'left' },
];

/** States in which rows wait for something to be mended. */
const TROUBLE: readonly string[] = ['FAILED', 'RESTARTING'];

/**
 * Prints each connector of a worker with the states of its tasks, and the reasons of those that are in trouble; gives
 * the exit code, `EXIT.incomplete` when any is.
 *
 * @throws HeadraceError CONFIG_INVALID when no worker answers or it has no such connector.
 */
export async function showStatus({ url, connector, json }: ShowStatusOptions): Promise<number> {
  const connectors = await statusesFrom(url, connector);
  if (json) printJson({ connectors });
  else if (connectors.length === 0) console.error(`the worker at ${url} has no connectors`);
  else print(textTable(COLUMNS, connectors.flatMap(rowsOf)));
  return connectors.some(isInTrouble) ? EXIT.incomplete : EXIT.ok;
}

function isInTrouble({ connector, tasks }: ConnectorStatus): boolean {
  return [connector, ...tasks].some(({ state }) => TROUBLE.includes(state));
}

async function statusesFrom(url: string, connector: string | null): Promise<readonly ConnectorStatus[]> {
  if (connector !== null) {
    return [(await askWorker(url, `connectors/${encodeURIComponent(connector)}/status`)) as ConnectorStatus];
  }
  const all = await askWorker(url, 'connectors?expand=status');
  return Object.values(all as Record<string, { status: ConnectorStatus }>).map(({ status }) => status);
}

/** One line for the connector, one for each task. */
function rowsOf({ name, connector, tasks }: ConnectorStatus): string[][] {
  return [
    [name, '', connector.state, reasonOf(connector)],
    ...tasks.map((task) => [name, String(task.id), task.state, reasonOf(task)]),
  ];
}

/** Without the stack of Java that Kafka Connect's reasons have below them. */
function reasonOf({ trace = '' }: { readonly trace?: string }): string {
  return trace.split('\n\tat ')[0] as string;
}
