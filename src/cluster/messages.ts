/**
 * A task of a connector, as Kafka Connect writes it: `name-0`. What stands behind the last hyphen is its number, so that no
 * two have the same.
 */
export type TaskName = string;

export function taskName(connector: string, task: number): TaskName {
  return `${connector}-${task}`;
}

/** Of which connector a task is, and its number. */
export function taskNamed(name: TaskName): { readonly connector: string; readonly task: number } {
  const at = name.lastIndexOf('-');
  return { connector: name.slice(0, at), task: Number(name.slice(at + 1)) };
}

/** What a worker tells the others when it joins. */
export interface MemberMetadata {
  /** Where its REST is reached: `http://host:port`. */
  readonly url: string;
  /** The config topic is known to it up to this offset, which is not included. */
  readonly configOffset: number;
  /** Those that it runs, or is still letting go of; none that it has lost, as others may have these by now. */
  readonly tasks: ReadonlySet<TaskName>;
  /** Where it is and what it can reach: `zone=sydney`. */
  readonly labels: ReadonlyMap<string, string>;
}

/** What a worker is told when the work has been shared out. */
export interface Assignment {
  /** `behind`: the leader knew less of the config topic than a member. Nothing changes; it joins again, and so do all. */
  readonly error: 'none' | 'behind';
  /** Where the leader's REST is reached. */
  readonly leaderUrl: string;
  /**
   * Its `group.instance.id`. A leader that was started anew is given this by the coordinator, and not told that it leads:
   * by this it knows, and has all join again.
   */
  readonly leaderInstanceId: string | null;
  /** To be known of the config topic before the tasks are run. */
  readonly configOffset: number;
  /** All that it is to run from now on. */
  readonly tasks: ReadonlySet<TaskName>;
  /** Of those it ran: to be let go, after which it joins again so that others get them. */
  readonly revoked: ReadonlySet<TaskName>;
}
