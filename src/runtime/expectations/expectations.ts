import { isDeepStrictEqual } from 'node:util';
import type { HandOver } from '../../config/define/hand-over.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { messageOf } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import type { CommittedEvent, ExpectedFilesEvent, RuntimeEvent } from '../events/events.ts';
import type { Notices } from '../notify/notices.ts';
import { GatheredWrites } from '../worker/gathered-writes.ts';
import { heldConnectors } from '../worker/held-connectors.ts';
import type { Herder } from '../worker/herder.ts';
import { workerClient } from '../worker/kafka-client-config.ts';
import type { ManagedConnector } from '../worker/managed-connector.ts';
import type { FeedExpectation } from './expectation-status.ts';
import { readCameFiles, readExpectations, writeExpectations } from './expectation-topic.ts';
import { type CameFile, ExpectedFeed, type KeptExpectation, type Told } from './expected-feed.ts';

/** Clocks may be set at any time, and machines sleep: the time of day is looked at, and not waited for. */
const LOOK_MS = 1_000;
const RETRY_MS = 5_000;
const GATHER_MS = 200;
/** More than a worker has connectors. */
const MOST_WAITING = 100_000;

export interface ExpectationsOptions {
  readonly worker: WorkerConfig;
  readonly herder: Pick<Herder, 'connectors' | 'isReady' | 'events'>;
  readonly notices: Pick<Notices, 'expected'>;
  /** Told once of each outage in which Kafka could not be asked what came, or what was told not be written. */
  readonly onFailure: (reason: string) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** What is expected of a feed, for who asks. */
export interface ExpectationStatus extends FeedExpectation {
  readonly target: ManagedConnector['target'];
}

/** A connector with a hand-over. */
interface Entry {
  readonly handOver: HandOver;
  /** null until it is known what was told and what came before. */
  feed: ExpectedFeed | null;
  /** What was told under the hand-over before this one; null: Kafka knows. */
  readonly before: KeptExpectation | null;
  /** What is being told: until that is done it is not remembered as told. */
  telling: number;
  kept: KeptExpectation | null;
  /** The claim of a run that another worker has taken over: the next run asks anew. */
  lostClaim: string | null;
}

/**
 * Watches over what feeds expect (`expect.by`). Made of events; what happened before this worker, and whether a file has
 * come after all, it reads from Kafka, at the start and whenever the time of a day has passed.
 */
export class Expectations {
  readonly #options: ExpectationsOptions;
  readonly #client: KafkaClient;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #writes: GatheredWrites<KeptExpectation | null>;
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | null = null;
  /** By performance.now. */
  #retryAt = 0;
  #isTroubleTold = false;
  #isClosed = false;

  constructor(options: ExpectationsOptions) {
    const { worker, onFailure, now = Date.now } = options;
    this.#options = options;
    this.#now = now;
    this.#client = workerClient(worker, () => {});
    this.#writes = new GatheredWrites({
      ...{ gatherMs: GATHER_MS, mostWaiting: MOST_WAITING, onFailure },
      write: (batch) => writeExpectations(this.#client, worker, batch),
    });
    this.#timer = setInterval(() => void this.look(), LOOK_MS).unref();
  }

  apply(event: RuntimeEvent): void {
    if (event.type === 'transaction.committed') this.#onCommitted(event);
    else if (
      event.type === 'connector.changed' &&
      event.change === 'deleted' &&
      this.#entries.delete(event.connector)
    )
      this.#writes.put(event.connector, null);
  }

  /** Sorted by name. */
  statuses(): readonly ExpectationStatus[] {
    const sorted = [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1));
    return sorted.flatMap(([connector, { handOver, feed }]) =>
      feed === null
        ? []
        : [{ connector, target: this.#targetOf(connector), by: handOver.by, days: feed.statuses }],
    );
  }

  /** Looks at the clock, and tells what there is to tell. Never rejects. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  /** Writes what there is to write, once more at most. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#writes.close();
  }

  async #look(): Promise<void> {
    const { herder, onFailure } = this.#options;
    if (this.#isClosed || !herder.isReady) return;
    this.#follow();
    const now = this.#now();
    const due = [...this.#entries].filter(([name, entry]) => this.#isDue(name, entry, now));
    if (due.length === 0 || performance.now() < this.#retryAt) return;
    try {
      await this.#askKafka(new Map(due), now);
      this.#isTroubleTold = false;
    } catch (error) {
      this.#retryAt = performance.now() + RETRY_MS;
      if (!this.#isTroubleTold) onFailure(messageOf(error));
      this.#isTroubleTold = true;
      // What is known has to do: late is told on time.
      for (const [name, { feed }] of due) if (feed !== null) this.#tell(name, feed.look(now));
    }
  }

  /** Has an entry for each connector that expects something and is this worker's, as it is now. */
  #follow(): void {
    const { connectors } = this.#options.herder;
    for (const [name, connector] of connectors) {
      const config = connector.feed?.config ?? null;
      if (config === null) continue;
      if (!connector.isTeller) {
        this.#entries.delete(name);
        continue;
      }
      const { handOver } = config;
      const entry = this.#entries.get(name);
      if (handOver === null) {
        if (this.#entries.delete(name)) this.#forget(name);
      } else if (isBegun(connector, config.exactlyOnce) && !isDeepStrictEqual(entry?.handOver, handOver)) {
        const before = entry?.feed?.kept ?? null;
        this.#entries.set(name, { handOver, feed: null, before, telling: 0, kept: null, lostClaim: null });
      }
    }
    for (const name of this.#entries.keys()) if (!connectors.has(name)) this.#entries.delete(name);
  }

  /** Nothing is expected any more. */
  #forget(connector: string): void {
    const nothing = { change: null, by: '', day: null, missing: 0 };
    const target = this.#targetOf(connector);
    this.#options.herder.events.publish({ type: 'files.expected', connector, target, ...nothing });
    this.#writes.put(connector, null);
  }

  /** Whether something is to be found out of a connector, or told. */
  #isDue(name: string, { feed, lostClaim }: Entry, now: number): boolean {
    const claim = this.#options.herder.connectors.get(name)?.claim ?? null;
    return (feed === null || feed.isDue(now)) && (lostClaim === null || lostClaim !== claim);
  }

  async #askKafka(due: ReadonlyMap<string, Entry>, now: number): Promise<void> {
    const { worker, herder } = this.#options;
    const held = await heldConnectors(this.#client, worker, herder, new Set(due.keys()));
    const ours = [...due].filter(([name, entry]) => held.has(name) || this.#lost(name, entry));
    const isKnown = ours.every(([, { feed, before }]) => feed !== null || before !== null);
    const kept = isKnown ? new Map() : await readExpectations(this.#client, worker);
    const feeds = new Map<string, ExpectedFeed>();
    for (const [name, { feed, handOver, before }] of ours) {
      feeds.set(name, feed ?? new ExpectedFeed(handOver, before ?? kept.get(name) ?? null, now));
      feeds.get(name)?.openTo(now);
    }
    const told = await this.#recall(feeds);
    for (const [name, entry] of ours) {
      const feed = feeds.get(name);
      // It was changed meanwhile, and is looked at anew.
      if (feed === undefined || this.#entries.get(name) !== entry) continue;
      const isNew = entry.feed === null;
      entry.feed = feed;
      const late = feed.look(now);
      if (isNew) this.#publish(name, null, feed);
      this.#tell(name, [...(told.get(name) ?? []), ...late]);
    }
  }

  /** What is to be told of files that came, and were not told of when they did. */
  async #recall(feeds: ReadonlyMap<string, ExpectedFeed>): Promise<ReadonlyMap<string, readonly Told[]>> {
    const told = new Map<string, readonly Told[]>();
    const onCame = (name: string, file: CameFile) => {
      const more = feeds.get(name)?.came(file, false) ?? [];
      if (more.length > 0) told.set(name, [...(told.get(name) ?? []), ...more]);
    };
    await readCameFiles(this.#client, this.#options.worker, onCame);
    return told;
  }

  /** Another worker tells of it now. */
  #lost(name: string, entry: Entry): false {
    entry.lostClaim = this.#options.herder.connectors.get(name)?.claim ?? null;
    entry.feed = null;
    return false;
  }

  #onCommitted({ connector, files }: CommittedEvent): void {
    const feed = this.#entries.get(connector)?.feed ?? null;
    if (feed === null) return;
    for (const { path: file, rows, eof } of files) {
      if (eof) this.#tell(connector, feed.came({ file, rows: rows.read, atMs: this.#now() }));
    }
  }

  /** Tells each, and remembers that when whoever is to know knows: a worker that ends before tells it once more. */
  #tell(name: string, told: readonly Told[]): void {
    const entry = this.#entries.get(name);
    if (entry?.feed == null) return;
    for (const one of told) {
      const event = this.#publish(name, one, entry.feed);
      if (!one.isTrouble) continue;
      entry.telling += 1;
      void this.#options.notices.expected({ ...event, change: one.change }).then((sending) => {
        // What was stopped stays untold.
        if (sending !== 'stopped') entry.telling -= 1;
        this.#keep(name, entry);
      });
    }
    this.#keep(name, entry);
  }

  #keep(name: string, entry: Entry): void {
    if (entry.telling > 0 || entry.feed === null || this.#entries.get(name) !== entry) return;
    const { kept } = entry.feed;
    if (isDeepStrictEqual(kept, entry.kept)) return;
    entry.kept = kept;
    this.#writes.put(name, kept);
  }

  #publish(connector: string, told: Told | null, { missing }: ExpectedFeed): ExpectedFilesEvent {
    const { change = null, day = null, file } = told ?? {};
    const by = this.#entries.get(connector)?.handOver.by ?? '';
    const of = { connector, change, by, target: this.#targetOf(connector), day, missing };
    const event: ExpectedFilesEvent = { type: 'files.expected', ...of, ...(file !== undefined && { file }) };
    this.#options.herder.events.publish(event);
    return event;
  }

  #targetOf(connector: string): ManagedConnector['target'] {
    return this.#options.herder.connectors.get(connector)?.target ?? 'STOPPED';
  }
}

/** Whether it is known to be this worker's, or can never be: who is about to take it over has nothing to tell yet. */
function isBegun({ claim, target, state, tasks }: ManagedConnector, isClaimed: boolean): boolean {
  if (claim !== null || !isClaimed || target !== 'STARTED' || state === 'FAILED') return true;
  return tasks.some((task) => task.state !== 'UNASSIGNED');
}
