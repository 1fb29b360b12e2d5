/** What a worker knows of its group, for those who answer requests. It changes all the time: look anew. */
export interface ClusterView {
  readonly isLeader: boolean;
  /** Whether its tasks are its own still, by its own clock: a process that was suspended has tasks that others have by now. */
  readonly isSure: boolean;
  /** Where the leader's REST is reached: `http://host:port`. Null while this worker knows of none. */
  readonly leaderUrl: string | null;
  /** Of the group, as of the last time that its work was shared out; 0 before. */
  readonly generation: number;
  /** By which requests between workers are signed: the newest first, then the one before it. Empty while there is none. */
  readonly sessionKeys: readonly Buffer[];
  /** Why tasks of a connector are nobody's, by its name. Known to the leader alone. */
  readonly unassigned: ReadonlyMap<string, string>;
  /** Resolves when what is in the config topic now is known here. @throws HeadraceError those of Kafka */
  sync(): Promise<void>;
}
