import type { FileStatus } from '../../offsets/file-status.ts';
import type { RuntimeEvent } from '../../runtime/events/events.ts';
import type { FeedExpectation } from '../../runtime/expectations/expectation-status.ts';
import type { Expectations } from '../../runtime/expectations/expectations.ts';
import type { FileStates } from '../../runtime/files/file-states.ts';
import { stageLabels } from '../../runtime/tap/stage-labels.ts';
import type { Herder } from '../../runtime/worker/herder.ts';
import type { ManagedConnector } from '../../runtime/worker/managed-connector.ts';
import { type Elsewhere, statusBody, type WorkerIdentity } from '../connector-bodies.ts';
import type { GroupFigures } from '../group/group-figures.ts';
import type { WorkerHealth } from '../worker-health.ts';
import { FeedFigures } from './feed-figures.ts';
import type {
  Curves,
  DetailCounted,
  FeedDetail,
  FeedShown,
  Figures,
  FilesShown,
  GroupShown,
  StageShown,
  WorkerShown,
  WorkerTold,
} from './messages.ts';
import { sumOfCounts, sumOfCurves, sumOfDetails } from './sums.ts';

export interface WorkerViewOptions {
  readonly herder: Pick<Herder, 'connectors'>;
  readonly files: Pick<FileStates, 'filesOf' | 'most' | 'versionOf'>;
  readonly expectations: Pick<Expectations, 'statuses'>;
  readonly health: Pick<WorkerHealth, 'waitingFor' | 'isStarted'>;
  readonly identity: () => WorkerIdentity;
  readonly clusterId: () => Promise<string | null>;
  /** States of what others run. */
  readonly statuses: Elsewhere;
  /** What the other workers of its group count; null where it has no group. */
  readonly group: GroupFigures | null;
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
    const { identity, health, clusterId } = this.#options;
    return {
      version: identity().version,
      clusterId: await clusterId(),
      waitingFor: health.waitingFor,
      isStarting: !health.isStarted,
      startedAt: this.#startedAt,
      rssBytes: process.memoryUsage.rss(),
    };
  }

  /** What the worker itself tells of itself. */
  told(nowMs: number): WorkerTold {
    const rates = [...this.#figures.values()].map((figures) => figures.rowsPerSecond(nowMs));
    return {
      version: this.#options.identity().version,
      startedAt: this.#startedAt,
      rssBytes: process.memoryUsage.rss(),
      rowsPerSecond: rates.reduce((sum, rate) => sum + rate, 0),
    };
  }

  group(nowMs: number): GroupShown | null {
    return this.#options.group?.shown(this.told(nowMs), nowMs) ?? null;
  }

  /** In the order of their names. */
  async feeds(nowMs: number): Promise<readonly FeedShown[]> {
    const late = lateFiles(this.expectations);
    const connectors = [...this.#options.herder.connectors.values()];
    const feeds = await Promise.all(
      connectors.map(async (connector) => this.#feed(connector, nowMs, late.get(connector.config.name) ?? 0)),
    );
    return feeds.sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  curves(nowMs: number): Curves {
    return Object.fromEntries(
      [...this.#options.herder.connectors].map(([name, connector]) => {
        const others = isShared(connector) ? (this.#options.group?.curvesOf(name) ?? []) : [];
        return [name, sumOfCurves([this.#figuresOf(name).curve(nowMs), ...others])];
      }),
    );
  }

  /** null for a feed that is not there. */
  detail(name: string): FeedDetail | null {
    const connector = this.#options.herder.connectors.get(name);
    if (connector === undefined) return null;
    const others = isShared(connector) ? (this.#options.group?.detailsOf(name) ?? []) : [];
    const { topics, rejectedBy, rejections } = sumOfDetails([this.#figuresOf(name), ...others]);
    return {
      name,
      definedIn: connector.file,
      stages: stagesOf(connector, rejectedBy),
      tapStages: connector.feed === null ? [] : stageLabels(connector.feed.config),
      topics,
      rejections,
      deadLetterTopic: connector.feed?.config.errors.deadLetterTopic ?? null,
      isExpecting: (connector.feed?.config.handOver ?? null) !== null,
      expected: this.expectations.find((status) => status.connector === name) ?? null,
    };
  }

  /** What this worker counts by itself of the feeds that its group shares, for another one. */
  async counted(feeds: readonly string[], nowMs: number): Promise<Omit<Figures, 'log' | 'curves'>> {
    const shared = new Set(this.#shared);
    const counted = [...shared].map((name) => {
      const figures = this.#figuresOf(name);
      return { name, rows: figures.rows, rowsPerSecond: figures.rowsPerSecond(nowMs) };
    });
    const wanted = feeds.filter((name) => shared.has(name));
    const details = await Promise.all(
      wanted.map(async (name) => [name, await this.#detailCounted(name)] as const),
    );
    return {
      worker: this.told(nowMs),
      // Most feeds of many are others'.
      feeds: counted.filter(({ rows, rowsPerSecond }) => rows.read > 0 || rowsPerSecond > 0),
      details: Object.fromEntries(details),
      expectations: this.#options.expectations.statuses().filter(({ connector }) => shared.has(connector)),
    };
  }

  /** Of the feeds that its group shares, as far as there is something in them. */
  curvesCounted(nowMs: number): Curves {
    const curves = this.#shared.map((name) => [name, this.#figuresOf(name).curve(nowMs)] as const);
    return Object.fromEntries(curves.filter(([, curve]) => curve.some((rows) => rows > 0)));
  }

  async #detailCounted(name: string): Promise<DetailCounted> {
    const { herder, files } = this.#options;
    const { topics, rejectedBy, rejections } = this.#figuresOf(name);
    const isOwn = (task: number | null) =>
      task !== null && (herder.connectors.get(name)?.isOwn(task) ?? false);
    const known = await files.filesOf(name);
    const reading = known.filter(({ state, task }) => state === 'READING' && isOwn(task));
    return { topics, rejectedBy, rejections, reading };
  }

  get #shared(): string[] {
    return [...this.#options.herder.connectors].flatMap(([name, connector]) =>
      isShared(connector) ? name : [],
    );
  }

  /** Of each feed once: while it moves two workers may tell. */
  get expectations(): readonly FeedExpectation[] {
    const { expectations, group } = this.#options;
    const all = [...expectations.statuses(), ...(group?.expectations ?? [])];
    const first = new Map(all.toReversed().map((status) => [status.connector, status]));
    return [...first.values()].sort((one, other) => (one.connector < other.connector ? -1 : 1));
  }

  async #feed(connector: ManagedConnector, nowMs: number, late: number): Promise<FeedShown> {
    const { identity, statuses, group, files } = this.#options;
    const status = statusBody(connector, identity(), statuses);
    const { name } = status;
    const figures = this.#figuresOf(name);
    const own = { name, rows: figures.rows, rowsPerSecond: figures.rowsPerSecond(nowMs) };
    const { rows, rowsPerSecond } = sumOfCounts([
      own,
      ...(isShared(connector) ? (group?.countsOf(name) ?? []) : []),
    ]);
    return {
      name,
      state: status.connector.state,
      error: status.connector.trace ?? null,
      tasks: status.tasks.map(({ id, state, trace = null, worker_id: workerId }) => ({
        ...{ id, state, error: trace, workerId },
      })),
      rows,
      rowsPerSecond,
      files: await this.#filesOf(name, files.versionOf(name)),
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

/** One that is in a file is the worker's that has the file. */
function isShared({ file }: ManagedConnector): boolean {
  return file === null;
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
function stagesOf(
  { feed }: ManagedConnector,
  rejectedBy: DetailCounted['rejectedBy'],
): readonly StageShown[] {
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
    return { ...stage, rejected: isFirst ? (rejectedBy[stage.type] ?? 0) : 0 };
  });
}

function lateFiles(statuses: readonly FeedExpectation[]): ReadonlyMap<string, number> {
  const missing = ({ days }: (typeof statuses)[number]) =>
    days
      .filter(({ state }) => state === 'LATE')
      .reduce((sum, { files, came }) => sum + Math.max(0, files - came), 0);
  return new Map(statuses.map((status) => [status.connector, missing(status)]));
}
