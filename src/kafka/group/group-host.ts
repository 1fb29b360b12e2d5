import type { JoinedMember } from '../../cluster/membership-events.ts';
import type { Assignment, MemberMetadata } from '../../cluster/messages.ts';

/** A worker as a member of a group sees it. */
export interface GroupHost {
  /** Asked at each join. */
  metadata(): MemberMetadata;
  /**
   * Shares the work out, where this member leads; may read the config topic first.
   *
   * @throws HeadraceError it is asked again after one that is retriable; any other ends the membership
   */
  assign(members: readonly JoinedMember[]): Promise<ReadonlyMap<string, Assignment>>;
  /** Runs the tasks of an assignment; resolves when what was revoked has ended. Throws nothing. */
  apply(change: AppliedChange): Promise<void>;
  /** Ends all tasks, which may run elsewhere from now on; resolves when they have ended. Throws nothing. */
  lose(reason: string): Promise<void>;
  /** The worker is no member any more, and cannot become one. */
  fail(error: Error): void;
}

export interface AppliedChange {
  readonly generation: number;
  readonly isLeader: boolean;
  readonly memberId: string;
  readonly assignment: Assignment;
}
