import { type Column, textTable } from '../../terminal/text-table.ts';

interface State {
  readonly state: string;
  /** Host and port of who has it. */
  readonly worker_id: string;
  readonly trace?: string;
}

/** As Kafka Connect's `GET /connectors/{connector}/status` gives it. */
export interface ConnectorStatus {
  readonly name: string;
  readonly connector: State;
  readonly tasks: readonly (State & { readonly id: number })[];
}

const COLUMNS: readonly Column[] = [
  { title: 'connector', align: 'left' },
  { title: 'task', align: 'right' },
  { title: 'state', align: 'left' },
];
const WORKER: Column = { title: 'worker', align: 'left' };
const REASON: Column = { title: 'reason', align: 'left' };

/** One line for each connector, one for each of its tasks; where workers share them, which one has it. */
export function statusTable(connectors: readonly ConnectorStatus[]): string {
  const states = connectors.flatMap(({ connector, tasks }) => [connector, ...tasks]);
  const isShared = new Set(states.map((one) => one.worker_id)).size > 1;
  const row = (name: string, task: string, told: State) => [
    name,
    task,
    told.state,
    // Of a task that nobody has it is who tells so.
    ...(isShared ? [told.state === 'UNASSIGNED' ? 'nobody' : told.worker_id] : []),
    reasonOf(told),
  ];
  const rows = connectors.flatMap(({ name, connector, tasks }) => [
    row(name, '', connector),
    ...tasks.map((task) => row(name, String(task.id), task)),
  ]);
  return textTable([...COLUMNS, ...(isShared ? [WORKER] : []), REASON], rows);
}

/** Without the stack of Java that Kafka Connect's reasons have below them. */
function reasonOf({ trace = '' }: { readonly trace?: string }): string {
  return trace.split('\n\tat ')[0] as string;
}
