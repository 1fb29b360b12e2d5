import type { TaskStateEvent } from '../runtime/events/events.ts';

export type OfTask = Pick<TaskStateEvent, 'connector' | 'task'>;

/** Names of connectors are without slashes. */
export function taskKey({ connector, task }: OfTask): string {
  return `${connector}/${task}`;
}
