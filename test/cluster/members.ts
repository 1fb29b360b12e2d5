import type { JoinedMember } from '../../src/cluster/membership-events.ts';

/** A member `a` that runs some tasks and is reached at `http://a`. */
export function member(
  memberId: string,
  tasks: readonly string[] = [],
  has: { readonly labels?: Record<string, string>; configOffset?: number; instanceId?: string } = {},
): JoinedMember {
  return {
    memberId,
    instanceId: has.instanceId ?? null,
    metadata: {
      url: `http://${memberId}`,
      configOffset: has.configOffset ?? 0,
      tasks: new Set(tasks),
      labels: new Map(Object.entries(has.labels ?? {})),
    },
  };
}
