import type { Assignment, MemberMetadata } from './messages.ts';

/** A member of a group as its leader sees it once all have joined. */
export interface JoinedMember {
  readonly memberId: string;
  /** `group.instance.id`; null of one that is new each time it starts. */
  readonly instanceId: string | null;
  readonly metadata: MemberMetadata;
}

/** Why a request of a member's came to nothing. */
export type GroupRefusal =
  /** The coordinator has given an id, with which to join again. */
  | { readonly type: 'idGiven'; readonly memberId: string }
  /** All are to join again. */
  | { readonly type: 'rebalance' }
  /** The coordinator knows the member no more, or another generation: its tasks are others' by now, or will be. */
  | { readonly type: 'lost' }
  /** Another worker has come under the same `group.instance.id`. */
  | { readonly type: 'fenced' }
  /** No answer, or from one that is no coordinator: to be asked again. */
  | { readonly type: 'unreachable' }
  /** What no trying again mends, such as rights that are missing or a group of other clients. */
  | { readonly type: 'refused'; readonly error: Error };

/** What happens to a member. Times are milliseconds of a monotonic clock of the process. */
export type MembershipEvent =
  | { readonly type: 'start' }
  /** The time of `wakeAt` has come. */
  | { readonly type: 'tick' }
  | {
      readonly type: 'joined';
      readonly memberId: string;
      readonly generation: number;
      /** Of all, where this member leads; null where another does. */
      readonly members: readonly JoinedMember[] | null;
    }
  | { readonly type: 'joinRefused'; readonly refusal: GroupRefusal }
  /** The leader has decided. */
  | {
      readonly type: 'assigned';
      readonly generation: number;
      readonly assignments: ReadonlyMap<string, Assignment>;
    }
  | { readonly type: 'synced'; readonly assignment: Assignment }
  | { readonly type: 'syncRefused'; readonly refusal: GroupRefusal }
  /** @param sentAtMs when the heartbeat was sent: from there on the coordinator counts the session at the earliest. */
  | { readonly type: 'heartbeat'; readonly sentAtMs: number }
  /**
   * After `rebalance` the session goes on as after an answer: the coordinator has counted it from there on. What was sent
   * before a join was answered, and refused after it, is not told of.
   */
  | { readonly type: 'heartbeatRefused'; readonly sentAtMs: number; readonly refusal: GroupRefusal }
  /** All tasks that the `apply` of this generation let go have ended; told also where there were none. */
  | { readonly type: 'released'; readonly generation: number }
  /** The worker wants the work to be shared out anew: there is more or less of it, or a task was lost. */
  | { readonly type: 'rejoin' }
  | { readonly type: 'stop' };

/** What is to be done, in this order. */
export type MembershipAction =
  /** One that is not answered yet is given up for it, and so is a sync: what they are answered is not told. */
  | { readonly type: 'join'; readonly memberId: string }
  /** To be answered with `assigned`. */
  | { readonly type: 'assign'; readonly generation: number; readonly members: readonly JoinedMember[] }
  /** @param assignments of all by member id, where this member leads; empty otherwise */
  | {
      readonly type: 'sync';
      readonly memberId: string;
      readonly generation: number;
      readonly assignments: ReadonlyMap<string, Assignment>;
    }
  /**
   * Also while a join or sync is not answered, which takes as long as the slowest member, or a dead one's session: only so a
   * member that runs tasks knows that its own session goes on. The generation is the one that it was in before.
   */
  | { readonly type: 'heartbeat'; readonly memberId: string; readonly generation: number }
  | { readonly type: 'leave'; readonly memberId: string }
  /** To run the tasks of `assignment.tasks` and let go of those of `assignment.revoked`, which is answered with `released`. */
  | {
      readonly type: 'apply';
      readonly generation: number;
      readonly isLeader: boolean;
      readonly assignment: Assignment;
    }
  /** To end all tasks at once: they may run elsewhere from now on. */
  | { readonly type: 'lose'; readonly reason: string }
  /** In place of an earlier `wakeAt`. */
  | { readonly type: 'wakeAt'; readonly atMs: number }
  /** For good: the worker cannot be a member. */
  | { readonly type: 'fail'; readonly error: Error };
