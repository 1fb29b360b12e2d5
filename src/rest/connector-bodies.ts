import { masked } from '../config/read/hidden-secrets.ts';
import type { ErrorReport } from '../runtime/events/events.ts';
import type { ManagedConnector } from '../runtime/worker/managed-connector.ts';
import type { TaskState } from '../runtime/worker/states.ts';
import type { TaskHandle } from '../runtime/worker/task-handle.ts';

/** What Kafka Connect says of whoever runs a connector or task. */
export interface WorkerIdentity {
  /** Host and port of the worker's first listener. */
  readonly workerId: string;
  /** Of Headrace. */
  readonly version: string;
}

/** `GET /connectors/{connector}`. */
export function infoBody(connector: ManagedConnector) {
  const { name } = connector.config;
  return {
    name,
    config: masked(connector.config),
    tasks: connector.tasks.map(({ plan }) => ({ connector: name, task: plan.taskId })),
    type: 'source',
  };
}

/** `GET /connectors/{connector}/tasks`. Every task has the configuration of its connector. */
export function tasksBody({ config, tasks }: ManagedConnector) {
  return tasks.map(({ plan }) => ({
    id: { connector: config.name, task: plan.taskId },
    config: masked(config),
  }));
}

/**
 * `GET /connectors/{connector}/status`.
 *
 * @param restarting what is told as RESTARTING, since it is about to
 */
export function statusBody(
  { config, state, error, tasks }: ManagedConnector,
  worker: WorkerIdentity,
  restarting: Restarting = NONE,
) {
  const own = restarting.connector ? 'RESTARTING' : state;
  return {
    name: config.name,
    connector: { state: own, worker_id: worker.workerId, version: worker.version, ...traceOf(error) },
    tasks: tasks.map((task) => taskStatusBody(task, worker, restarting.tasks(task))),
    type: 'source',
  };
}

/** `GET /connectors/{connector}/tasks/{task}/status`. */
export function taskStatusBody(
  task: TaskHandle,
  { workerId, version }: WorkerIdentity,
  isRestarting = false,
) {
  const { plan } = task;
  const state = isRestarting ? 'RESTARTING' : task.state;
  return {
    id: plan.taskId,
    state,
    worker_id: workerId,
    version,
    ...traceOf(errorIn(state, task)),
  };
}

/** Why a task is in trouble, in the state that is told of it; of any other it is over, and told no more. */
export function errorIn(state: TaskState, { error }: Pick<TaskHandle, 'error'>): ErrorReport | null {
  return state === 'FAILED' || state === 'RESTARTING' ? error : null;
}

/** What a restart takes. */
export interface Restarting {
  readonly connector: boolean;
  readonly tasks: (task: TaskHandle) => boolean;
}

const NONE: Restarting = { connector: false, tasks: () => false };

function traceOf(error: ErrorReport | null): { readonly trace?: string } {
  return error === null ? {} : { trace: `${error.code}: ${error.message}` };
}
