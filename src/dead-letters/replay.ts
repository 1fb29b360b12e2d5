import type { ConnectorConfig } from '../config/connector-config.ts';
import type { WorkerConfig } from '../config/worker-config.ts';
import { HeadraceError } from '../errors.ts';
import type { KafkaClient } from '../kafka/connection/client.ts';
import { removeIfWithoutRows } from '../load/rejected-file.ts';
import type { RejectedRow, RuntimeEvent } from '../runtime/events/events.ts';
import { runTask } from '../runtime/task/run-task.ts';
import type { TaskOutcome } from '../runtime/task/task.ts';
import type { Feed } from '../runtime/worker/feed.ts';
import type { Heads } from './heads.ts';
import type { MendedRow } from './mended-rows.ts';
import { replayName } from './replay-marks.ts';
import { replaySource } from './replay-source.ts';

export interface ReplayPlan {
  readonly worker: WorkerConfig;
  readonly client: KafkaClient;
  readonly feed: Feed;
  readonly rows: readonly MendedRow[];
  readonly heads: Heads;
  /** Where rows go that are rejected again, if the feed names no place. */
  readonly fallback: { readonly topic: string } | { readonly file: string };
  readonly signal: AbortSignal;
}

/** What became of the rows; read = produced + filtered + rejected. */
export interface ReplayResult {
  readonly job: string;
  readonly state: 'COMPLETED' | 'STOPPED' | 'FAILED';
  readonly rows: number;
  readonly produced: number;
  readonly filtered: number;
  readonly rejected: number;
  readonly durationMs: number;
  /** Records written, by topic, dead letters included. */
  readonly topics: Readonly<Record<string, number>>;
  /** Where rows that were rejected again are now. */
  readonly deadLetters: readonly string[];
  /** The first few of them. */
  readonly examples: readonly RejectedRow[];
  /** Of FAILED: what went wrong. What was committed before stays. */
  readonly error: HeadraceError | null;
}

/** Sends dead letters through their feed, in the engine that runs it, as a job of its own. */
export async function replay(plan: ReplayPlan): Promise<ReplayResult> {
  const { worker, client, feed, signal } = plan;
  const config = replayConfig(plan);
  const tally = new ReplayTally();
  const startedAt = performance.now();
  const running = runTask({
    plan: {
      worker,
      feed: feed.entries,
      connector: config.name,
      taskId: 0,
      taskCount: 1,
      hold: null,
      isRestart: false,
    },
    config,
    client,
    publish: (event) => tally.take(event),
    signal,
  });
  const { state, error } = await endOf(running, signal);
  const { deadLetterTopic, deadLetterFile } = config.errors;
  if (deadLetterFile !== null) await removeIfWithoutRows(deadLetterFile);
  const deadLetters = [deadLetterTopic, deadLetterFile].filter((place) => place !== null);
  const durationMs = Math.round(performance.now() - startedAt);
  return { job: config.name, state, ...tally.figures(), durationMs, deadLetters, error };
}

/** The result where every letter is replayed already. */
export function nothingReplayed({ config }: Feed): ReplayResult {
  const job = replayName(config.name);
  const figures = new ReplayTally().figures();
  return { job, state: 'COMPLETED', ...figures, durationMs: 0, deadLetters: [], error: null };
}

async function endOf(
  running: Promise<TaskOutcome>,
  signal: AbortSignal,
): Promise<Pick<ReplayResult, 'state' | 'error'>> {
  try {
    return { state: (await running) === 'STOPPED' ? 'STOPPED' : 'COMPLETED', error: null };
  } catch (error) {
    // Whatever goes wrong while it is told to stop: it goes on from its last commit.
    if (signal.aborted) return { state: 'STOPPED', error: null };
    if (error instanceof HeadraceError) return { state: 'FAILED', error };
    throw error;
  }
}

/** The feed as it is, but for where rows come from; nothing is given up for bad rows, since all of them were bad once. */
function replayConfig({ feed, rows, heads, fallback }: ReplayPlan): ConnectorConfig {
  const { config } = feed;
  const { deadLetterTopic, deadLetterFile } = config.errors;
  const isNamed = deadLetterTopic !== null || deadLetterFile !== null;
  const file = isNamed ? deadLetterFile : 'file' in fallback ? fallback.file : null;
  return {
    ...config,
    name: replayName(config.name),
    tasksMax: 1,
    source: replaySource(rows, heads),
    headers: { policy: 'map', columns: null },
    // The letters are no file.
    endOfFileTopic: null,
    errors: {
      ...config.errors,
      tolerance: 'all',
      max: null,
      deadLetterTopic: isNamed ? deadLetterTopic : 'topic' in fallback ? fallback.topic : null,
      deadLetterFile: file === null ? null : replayFile(file),
    },
    transaction: { ...config.transaction, boundary: 'interval' },
  };
}

/** Rows of a dead-letter file that are rejected again go to a file beside it: the feed itself may be writing to it. */
function replayFile(path: string): string {
  return path.endsWith('.replay') ? path : `${path}.replay`;
}

class ReplayTally {
  #produced = 0;
  #filtered = 0;
  #rejected = 0;
  readonly #topics: Record<string, number> = Object.create(null);
  #examples: RejectedRow[] = [];

  take(event: RuntimeEvent): void {
    if (event.type === 'rows.rejected') this.#examples = [...this.#examples, ...event.examples].slice(0, 10);
    if (event.type !== 'transaction.committed') return;
    this.#produced += event.rows.produced;
    this.#filtered += event.rows.filtered;
    this.#rejected += event.rows.rejected;
    for (const [topic, records] of Object.entries(event.topics)) {
      this.#topics[topic] = (this.#topics[topic] ?? 0) + records;
    }
  }

  figures() {
    const [produced, filtered, rejected] = [this.#produced, this.#filtered, this.#rejected];
    const rows = produced + filtered + rejected;
    return { rows, produced, filtered, rejected, topics: { ...this.#topics }, examples: this.#examples };
  }
}
