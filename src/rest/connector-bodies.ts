import { masked } from '../config/read/hidden-secrets.ts';
import type { ToldState } from '../offsets/told-states.ts';
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

/** What other workers of a group tell: null where this one knows it itself. */
export interface Elsewhere {
  elsewhere(connector: ManagedConnector): ToldState | null;
  taskElsewhere(connector: ManagedConnector, task: number): ToldState | null;
  /** Tasks of a connector that this worker has none of, such as one that was paused when it started; by their numbers. */
  tasksElsewhere(connector: ManagedConnector): readonly (readonly [task: number, told: ToldState])[];
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
  connector: ManagedConnector,
  worker: WorkerIdentity,
  others: Elsewhere = NOWHERE,
  restarting: Restarting = NONE,
) {
  const { config, state, error, tasks } = connector;
  const told = others.elsewhere(connector);
  const own = { state, worker_id: worker.workerId, version: worker.version, ...traceOf(error) };
  const { state: known, ...rest } = told === null ? own : toldBody(told);
  return {
    name: config.name,
    connector: { state: restarting.connector ? 'RESTARTING' : known, ...rest },
    tasks:
      tasks.length === 0
        ? others.tasksElsewhere(connector).map(([id, one]) => ({ id, ...toldBody(one) }))
        : tasks.map((task) =>
            taskStatusBody(task, worker, others.taskElsewhere(connector, task.plan.taskId), restarting.tasks),
          ),
    type: 'source',
  };
}

/** `GET /connectors/{connector}/tasks/{task}/status`. */
export function taskStatusBody(
  task: TaskHandle,
  { workerId, version }: WorkerIdentity,
  told: ToldState | null = null,
  isRestarting: Restarting['tasks'] = NONE.tasks,
) {
  const id = task.plan.taskId;
  if (told !== null) {
    const { state, ...rest } = toldBody(told);
    return { id, state: isRestarting(id, told.state) ? 'RESTARTING' : state, ...rest };
  }
  const state = isRestarting(id, task.state) ? 'RESTARTING' : task.state;
  return { id, state, worker_id: workerId, version, ...traceOf(errorIn(state, task)) };
}

function toldBody({ state, workerId, version, trace }: ToldState) {
  return { state, worker_id: workerId, version, ...(trace === null ? {} : { trace }) };
}

/** Why a task is in trouble, in the state that is told of it; of any other it is over, and told no more. */
export function errorIn(state: TaskState, { error }: Pick<TaskHandle, 'error'>): ErrorReport | null {
  return state === 'FAILED' || state === 'RESTARTING' ? error : null;
}

/** What a restart takes. */
export interface Restarting {
  readonly connector: boolean;
  readonly tasks: (task: number, state: string) => boolean;
}

const NOWHERE: Elsewhere = {
  elsewhere: () => null,
  taskElsewhere: () => null,
  tasksElsewhere: () => [],
};
const NONE: Restarting = { connector: false, tasks: () => false };

function traceOf(error: ErrorReport | null): { readonly trace?: string } {
  return error === null ? {} : { trace: `${error.code}: ${error.message}` };
}
