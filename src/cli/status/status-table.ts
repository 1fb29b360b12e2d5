import type { Column } from '../../terminal/text-table.ts';

/** As Kafka Connect's `GET /connectors/{connector}/status` gives it. */
export interface ConnectorStatus {
  readonly name: string;
  readonly connector: { readonly state: string; readonly trace?: string };
  readonly tasks: readonly { readonly id: number; readonly state: string; readonly trace?: string }[];
}

export const STATUS_COLUMNS: readonly Column[] = [
  { title: 'connector', align: 'left' },
  { title: 'task', align: 'right' },
  { title: 'state', align: 'left' },
  { title: 'reason', align: 'left' },
];

/** One line for the connector, one for each task. */
export function statusRows({ name, connector, tasks }: ConnectorStatus): string[][] {
  return [
    [name, '', connector.state, reasonOf(connector)],
    ...tasks.map((task) => [name, String(task.id), task.state, reasonOf(task)]),
  ];
}

/** Without the stack of Java that Kafka Connect's reasons have below them. */
function reasonOf({ trace = '' }: { readonly trace?: string }): string {
  return trace.split('\n\tat ')[0] as string;
}
