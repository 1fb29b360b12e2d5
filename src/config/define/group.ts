/** `group.id` of a worker that was given none: it is alone, however many others have none either. */
export const NO_GROUP = 'headrace-standalone';

/** Whether a worker shares its work with the others of its `group.id`. They must be able to ask one another. */
export function isMember(worker: {
  readonly groupId: string;
  readonly listeners: readonly string[];
}): boolean {
  return worker.groupId !== NO_GROUP && worker.listeners.length > 0;
}
