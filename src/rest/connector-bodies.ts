import { masked } from '../config/read/hidden-secrets.ts';
import type { Connector } from '../runtime/worker/connector.ts';
import type { TaskState } from '../runtime/worker/states.ts';
import type { TaskHandle } from '../runtime/worker/task-handle.ts';

/** What Kafka Connect says of whoever runs a connector or task. */
export interface WorkerIdentity {
  /** Host and port of the worker's first listener. */
  readonly workerId: string;
  /** Of Headrace. */
  readonly version: string;
}

/** The states that a connector shares with its tasks when all of them have come to it. */
const SHARED_STATES: readonly TaskState[] = ['UNASSIGNED', 'STOPPED', 'COMPLETED'];

/** `GET /connectors/{connector}`. */
export function infoBody(connector: Connector) {
  const { name } = connector.config;
  return {
    name,
    config: masked(connector.config),
    tasks: connector.tasks.map(({ plan }) => ({ connector: name, task: plan.taskId })),
    type: 'source',
  };
}

/** `GET /connectors/{connector}/tasks`. Every task has the configuration of its connector. */
export function tasksBody({ config, tasks }: Connector) {
  return tasks.map(({ plan }) => ({
    id: { connector: config.name, task: plan.taskId },
    config: masked(config),
  }));
}

/** `GET /connectors/{connector}/status`. */
export function statusBody({ config, tasks }: Connector, worker: WorkerIdentity) {
  return {
    name: config.name,
    connector: { state: connectorState(tasks), worker_id: worker.workerId, version: worker.version },
    tasks: tasks.map((task) => taskStatusBody(task, worker)),
    type: 'source',
  };
}

/** `GET /connectors/{connector}/tasks/{task}/status`. */
export function taskStatusBody(task: TaskHandle, { workerId, version }: WorkerIdentity) {
  const { plan, state } = task;
  const isInTrouble = state === 'FAILED' || state === 'RESTARTING';
  const error = isInTrouble ? task.error : null;
  return {
    id: plan.taskId,
    state,
    worker_id: workerId,
    version,
    ...(error === null ? {} : { trace: `${error.code}: ${error.message}` }),
  };
}

/** As in Kafka Connect, a connector whose tasks fail is RUNNING itself. */
function connectorState(tasks: readonly TaskHandle[]): TaskState {
  return SHARED_STATES.find((shared) => tasks.every(({ state }) => state === shared)) ?? 'RUNNING';
}
