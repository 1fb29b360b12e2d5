import type { WorkerConfig } from '../../config/worker-config.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { offsetsAt } from '../../kafka/reader/spans.ts';
import type { TopicRecord } from '../../kafka/reader/topic-reader.ts';
import { followTopic } from '../../kafka/reader/topic-tail.ts';
import { ConnectorClaims } from '../../offsets/connector-claims.ts';
import { type LoggerLevel, loggerLevelIn } from '../../offsets/logger-level.ts';
import { SessionKeys } from '../../offsets/session-key.ts';
import {
  groupOf,
  type RestartCommand,
  restartIn,
  StoredConnectors,
} from '../../offsets/stored-connectors.ts';

export interface ConfigFollowerOptions {
  readonly client: KafkaClient;
  readonly worker: WorkerConfig;
  /** Told after each answer of Kafka's that brought something, once all was read that was there at first. */
  readonly onChange: () => void;
  /** Told of restarts that are asked for from then on. */
  readonly onRestart: (command: RestartCommand & { readonly connector: string }) => void;
  /** Told of levels that loggers of all workers are to have from then on. */
  readonly onLoggerLevel: (level: LoggerLevel) => void;
}

/** A worker's copy of its group's config topic, which is always a little behind. */
export class ConfigFollower {
  readonly #options: ConfigFollowerOptions;
  readonly #stop = new AbortController();
  readonly #waits = new Set<() => void>();
  #stored: StoredConnectors;
  #claims = new ConnectorClaims();
  #sessionKeys = new SessionKeys();
  #position = 0;
  #isCaughtUp = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: ConfigFollowerOptions) {
    this.#options = options;
    this.#stored = new StoredConnectors(options.worker.groupId);
  }

  get stored(): StoredConnectors {
    return this.#stored;
  }

  get sessionKeys(): SessionKeys {
    return this.#sessionKeys;
  }

  get claims(): ConnectorClaims {
    return this.#claims;
  }

  /** Everything below this offset is known. */
  get position(): number {
    return this.#position;
  }

  /** By which a connector is held for its run of this version; null while it is not, or is in another run. */
  claimFor(connector: string, version: number): string | null {
    if (!this.#stored.isCounted(connector) || this.#stored.runs.get(connector)?.version !== version)
      return null;
    const claim = this.#claims.of(this.#options.worker.groupId, connector);
    return claim?.run === version ? claim.claim : null;
  }

  /**
   * Resolves when all is known that was there.
   *
   * @throws HeadraceError TOPIC_INVALID or KAFKA_DENIED
   */
  async start(): Promise<void> {
    const { client, worker } = this.#options;
    const { signal } = this.#stop;
    await new Promise<void>((resolve, reject) => {
      this.#ended = followTopic(client, worker.configStorageTopic, (record) => this.#take(record), {
        signal,
        onPosition: (_partition, offset) => this.#moveTo(Number(offset)),
        onAnew: () => this.#forget(),
        onCaughtUp: () => {
          this.#isCaughtUp = true;
          resolve();
        },
      }).catch(reject);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Resolves when everything is known that is in the topic now, and what is open there has ended. @throws HeadraceError those of Kafka */
  async sync(signal?: AbortSignal): Promise<void> {
    const { client, worker } = this.#options;
    const place = { topic: worker.configStorageTopic, partition: 0 };
    const end = await client.withConnection(async (connection) =>
      (await offsetsAt(connection, [place], 'end')).get(0),
    );
    await this.until(() => this.#position >= Number(end ?? 0) || null, signal);
  }

  /** Looks now, and whenever more is known, until there is something. @throws the signal's reason */
  until<T>(look: () => T | null, signal?: AbortSignal): Promise<T> {
    const ends = AbortSignal.any([this.#stop.signal, ...(signal ? [signal] : [])]);
    return new Promise((resolve, reject) => {
      const done = () => {
        this.#waits.delete(check);
        ends.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        done();
        reject(ends.reason);
      };
      const check = () => {
        const found = look();
        if (found === null) return;
        done();
        resolve(found);
      };
      ends.addEventListener('abort', onAbort, { once: true });
      this.#waits.add(check);
      if (ends.aborted) onAbort();
      else check();
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  #take(record: TopicRecord): void {
    this.#stored.apply(record);
    this.#claims.apply(record);
    this.#sessionKeys.apply(record);
    if (this.#isCaughtUp) this.#takeCommand(record);
  }

  /** What is to be done once, by those who are there when it is written. */
  #takeCommand(record: TopicRecord): void {
    const { worker, onRestart, onLoggerLevel } = this.#options;
    const restart = restartIn(record);
    if (restart !== null) onRestart(restart);
    const level = loggerLevelIn(record);
    // Groups that have one topic may have loggers of the same name.
    if (level !== null && (groupOf(record) ?? worker.groupId) === worker.groupId) onLoggerLevel(level);
  }

  #moveTo(offset: number): void {
    this.#position = offset;
    for (const check of [...this.#waits]) check();
    if (this.#isCaughtUp) this.#options.onChange();
  }

  #forget(): void {
    this.#stored = new StoredConnectors(this.#options.worker.groupId);
    this.#claims = new ConnectorClaims();
    this.#sessionKeys = new SessionKeys();
    this.#position = 0;
  }
}
