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
  readonly placement: Placement;
}

/** Which members may run a connector's tasks. */
export interface Placement {
  /** All of which a member must have. */
  readonly labels: ReadonlyMap<string, string>;
  /** The ids of those that see the marker of the folder; null where it has none. */
  readonly members: ReadonlySet<string> | null;
}

/** No limits: buckets and servers are reached from anywhere. */
export const ANYWHERE: Placement = { labels: new Map(), members: null };

export function taskNames(connector: string, tasks: number): TaskName[] {
  return Array.from({ length: tasks }, (_, task) => taskName(connector, task));
}
