import type { FileStatus } from '../../offsets/file-status.ts';
import type { RuntimeEvent } from '../../runtime/events/events.ts';
import type { Expectations } from '../../runtime/expectations/expectations.ts';
import type { FileStates } from '../../runtime/files/file-states.ts';
import { stageLabels } from '../../runtime/tap/stage-labels.ts';
import type { Herder } from '../../runtime/worker/herder.ts';
import type { ManagedConnector } from '../../runtime/worker/managed-connector.ts';
import { errorIn } from '../connector-bodies.ts';
import type { WorkerHealth } from '../worker-health.ts';
import { FeedFigures } from './feed-figures.ts';
import type { FeedDetail, FeedShown, FilesShown, StageShown, WorkerShown } from './messages.ts';

export interface WorkerViewOptions {
  readonly herder: Pick<Herder, 'connectors'>;
  readonly files: Pick<FileStates, 'filesOf' | 'most'>;
  readonly expectations: Pick<Expectations, 'statuses'>;
  readonly health: Pick<WorkerHealth, 'waitingFor'>;
  readonly version: string;
  readonly clusterId: () => Promise<string | null>;
}

/** What the console shows of a worker, made of its events and of what the others know. */
export class WorkerView {
  readonly #options: WorkerViewOptions;
  readonly #startedAt = Date.now();
  readonly #figures = new Map<string, FeedFigures>();
  /** Of each feed, as of a version of its files: to look at thousands of them costs. */
  readonly #files = new Map<string, FilesShown>();

  constructor(options: WorkerViewOptions) {
    this.#options = options;
  }

  apply(event: RuntimeEvent, nowMs: number): void {
    if (!('connector' in event)) return;
    const { connector } = event;
    if (event.type === 'connector.changed' && event.change === 'deleted') {
      this.#figures.delete(connector);
      this.#files.delete(connector);
    } else if (this.#options.herder.connectors.has(connector)) this.#figuresOf(connector).apply(event, nowMs);
  }

  async worker(): Promise<Omit<WorkerShown, 'mayChange'>> {
    const { version, health, clusterId } = this.#options;
    return {
      version,
      clusterId: await clusterId(),
      waitingFor: health.waitingFor,
      startedAt: this.#startedAt,
      rssBytes: process.memoryUsage.rss(),
    };
  }

  /** In the order of their names. */
  async feeds(nowMs: number): Promise<readonly FeedShown[]> {
    const late = lateFiles(this.#options.expectations.statuses());
    const connectors = [...this.#options.herder.connectors.values()];
    const feeds = await Promise.all(
      connectors.map(async (connector) => this.#feed(connector, nowMs, late.get(connector.config.name) ?? 0)),
    );
    return feeds.sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  curves(nowMs: number): Record<string, readonly number[]> {
    const names = [...this.#options.herder.connectors.keys()];
    return Object.fromEntries(names.map((name) => [name, this.#figuresOf(name).curve(nowMs)]));
  }

  /** null for a feed that is not there. */
  detail(name: string): FeedDetail | null {
    const connector = this.#options.herder.connectors.get(name);
    if (connector === undefined) return null;
    const figures = this.#figuresOf(name);
    return {
      name,
      definedIn: connector.file,
      stages: stagesOf(connector, figures),
      tapStages: connector.feed === null ? [] : stageLabels(connector.feed.config),
      topics: figures.topics,
      rejections: figures.rejections,
      deadLetterTopic: connector.feed?.config.errors.deadLetterTopic ?? null,
      isExpecting: (connector.feed?.config.handOver ?? null) !== null,
      expected: this.#options.expectations.statuses().find((status) => status.connector === name) ?? null,
    };
  }

  async #feed(connector: ManagedConnector, nowMs: number, late: number): Promise<FeedShown> {
    const { config, state, error, tasks } = connector;
    const figures = this.#figuresOf(config.name);
    return {
      name: config.name,
      state,
      error: error?.message ?? null,
      tasks: tasks.map((task) => ({
        id: task.plan.taskId,
        state: task.state,
        error: errorIn(task.state, task)?.message ?? null,
      })),
      rows: figures.rows,
      rowsPerSecond: figures.rowsPerSecond(nowMs),
      files: await this.#filesOf(config.name, figures.filesVersion),
      late,
    };
  }

  async #filesOf(name: string, version: number): Promise<FilesShown> {
    const known = this.#files.get(name);
    if (known?.version === version) return known;
    const { files } = this.#options;
    const shown = filesShown(await files.filesOf(name), version, files.most);
    this.#files.set(name, shown);
    return shown;
  }

  #figuresOf(name: string): FeedFigures {
    const figures = this.#figures.get(name) ?? new FeedFigures();
    this.#figures.set(name, figures);
    return figures;
  }
}

const WAITING: ReadonlySet<FileStatus['state']> = new Set(['DISCOVERED', 'SETTLING', 'READY']);

function filesShown(files: readonly FileStatus[], version: number, most: number): FilesShown {
  const waiting = files.filter(({ state }) => WAITING.has(state));
  const since = waiting.flatMap(({ discovered }) => discovered ?? []).sort();
  return {
    waiting: waiting.length,
    waitingBytes: waiting.reduce((sum, { size }) => sum + (size ?? 0), 0),
    oldestWaiting: since[0] ?? null,
    reading: files.filter(({ state }) => state === 'READING').length,
    failed: files.filter(({ state }) => state === 'FAILED' || state === 'QUARANTINED').length,
    areAll: files.length < most,
    version,
  };
}

/** From the source to the topic; none of a feed that is not understood. */
function stagesOf({ feed }: ManagedConnector, figures: FeedFigures): readonly StageShown[] {
  if (feed === null) return [];
  const { source, parser, transformations, valueConverter } = feed.config;
  const stages = [
    { label: 'source', plugin: source.plugin },
    ...[parser, ...transformations],
    { label: 'convert', plugin: valueConverter.plugin },
    { label: 'Kafka', plugin: { name: 'sink' } },
  ].map(({ label, plugin }) => ({ name: label, type: plugin.name }));
  return stages.map((stage, index) => {
    const isFirst = stages.findIndex(({ type }) => type === stage.type) === index;
    return { ...stage, rejected: isFirst ? figures.rejectedBy(stage.type) : 0 };
  });
}

function lateFiles(statuses: ReturnType<Expectations['statuses']>): ReadonlyMap<string, number> {
  const missing = ({ days }: (typeof statuses)[number]) =>
    days
      .filter(({ state }) => state === 'LATE')
      .reduce((sum, { files, came }) => sum + Math.max(0, files - came), 0);
  return new Map(statuses.map((status) => [status.connector, missing(status)]));
}
