import type { ConnectorRun, RestartCommand, TargetState } from '../../offsets/stored-connectors.ts';
import type { RuntimeEvent } from '../events/events.ts';
import type { FeedOutline } from '../worker/feed.ts';

type Properties = Readonly<Record<string, string>>;

/** A connector as the config topic has it. */
export interface StoredConnector {
  /** null: it was deleted. */
  readonly raw: Properties | null;
  readonly target: TargetState;
  /** null where its tasks were not counted since it was configured. */
  readonly run: ConnectorRun | null;
}

/** Numbers of tasks, by connector. */
export type TasksByConnector = ReadonlyMap<string, ReadonlySet<number>>;

/** Who runs what the group has given to this worker. */
export interface Crew {
  /** Has connectors as the config topic has them now. Resolves when their tasks are known. */
  follow(changed: ReadonlyMap<string, StoredConnector>): Promise<void>;
  /** Has these tasks of connectors run here, and no others. Resolves when the others have ended. */
  assign(tasks: TasksByConnector, gracefulMs: number): Promise<void>;
  restartOwn(command: RestartCommand & { readonly connector: string }): void;
  outline(connector: string, raw: Properties): Promise<FeedOutline | null>;
  /** A connector that runs here, as far as it is understood. */
  feedOf(connector: string): FeedOutline | null;
  /** Nobody can run it. */
  fail(connector: string, error: unknown): void;
  /** It can be run. */
  mend(connector: string): void;
  publish(event: RuntimeEvent): void;
}
