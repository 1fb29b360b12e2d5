import type { JoinedMember } from './membership-events.ts';
import type { Assignment, TaskName } from './messages.ts';

/** As long as Kafka Connect waits for a worker that has left. */
const KEPT_MS = 300_000;

/**
 * What members with a `group.instance.id` had when they were last there, so that one which comes back gets its own again.
 * Nothing waits for it: others run its tasks meanwhile.
 */
export type Homes = ReadonlyMap<string, Home>;

interface Home {
  readonly tasks: ReadonlySet<TaskName>;
  readonly seenAtMs: number;
}

export const NO_HOMES: Homes = new Map();

/** Who is there has the tasks that it was given; who is not, those it had, for a while. */
export function homesAfter(
  homes: Homes,
  members: readonly JoinedMember[],
  targets: ReadonlyMap<string, Assignment['tasks']>,
  nowMs: number,
): Homes {
  const next = new Map([...homes].filter(([, { seenAtMs }]) => nowMs - seenAtMs < KEPT_MS));
  for (const { memberId, instanceId } of members) {
    const tasks = targets.get(memberId);
    if (instanceId !== null && tasks !== undefined) next.set(instanceId, { tasks, seenAtMs: nowMs });
  }
  return next;
}
