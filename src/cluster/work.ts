import { type TaskName, taskName } from './messages.ts';

/** What a group is to run, as its leader knows it from the config topic. */
export interface Work {
  /** The config topic is known up to this offset, which is not included. */
  readonly configOffset: number;
  /** By name; those that are stopped have no tasks. */
  readonly connectors: ReadonlyMap<string, ConnectorWork>;
}

export interface ConnectorWork {
  readonly tasks: number;
  /** All of which a member must have that runs one of them; none: buckets and servers are reached from anywhere. */
  readonly labels: ReadonlyMap<string, string>;
}

export function taskNames(connector: string, tasks: number): TaskName[] {
  return Array.from({ length: tasks }, (_, task) => taskName(connector, task));
}
