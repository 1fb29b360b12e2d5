import type { Command } from 'commander';
import { type Column, textTable } from '../../terminal/text-table.ts';
import { print, printJson } from '../print.ts';
import type { ConnectorStatus } from '../status/status-table.ts';
import type { WorkerClient } from './worker-client.ts';
import { type WorkerFlags, workerCommand, workerOf } from './worker-command.ts';

/** As Kafka Connect's `GET /connectors?expand=info&expand=status` gives one. */
interface ExpandedConnector {
  readonly info: { readonly config: Readonly<Record<string, string>> };
  readonly status: ConnectorStatus;
}

const COLUMNS: readonly Column[] = ['connector', 'class', 'state', 'tasks'].map((title) => ({
  title,
  align: 'left',
}));

export function connectorsCommand(): Command {
  return workerCommand('connectors', 'the connectors of a running worker').action(
    async (flags: WorkerFlags) => listConnectors(await workerOf(flags), flags.json === true),
  );
}

async function listConnectors(worker: WorkerClient, json: boolean): Promise<void> {
  const all = await worker.get('connectors?expand=info&expand=status');
  const connectors = Object.entries(all as Record<string, ExpandedConnector>).map(
    ([name, { info, status }]) => ({
      name,
      class: info.config['connector.class'] ?? '',
      state: status.connector.state,
      tasks: status.tasks.map(({ id, state }) => ({ id, state })),
    }),
  );
  if (json) return printJson({ connectors });
  if (connectors.length === 0) return console.error(`the worker at ${worker.url} has no connectors`);
  const rows = connectors.map(({ name, class: kind, state, tasks }) => [name, kind, state, countsOf(tasks)]);
  print(textTable(COLUMNS, rows));
}

/** `2 RUNNING, 1 FAILED`. */
function countsOf(tasks: readonly { readonly state: string }[]): string {
  const counts = new Map<string, number>();
  for (const { state } of tasks) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, number]) => `${number} ${state}`).join(', ');
}
