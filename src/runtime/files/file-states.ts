import { randomUUID } from 'node:crypto';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { messageOf } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import type { TopicRecord } from '../../kafka/reader/topic-reader.ts';
import { followTopic } from '../../kafka/reader/topic-tail.ts';
import { decodeFileKey, decodeFileStatus, type FileStatus } from '../../offsets/file-status.ts';
import type { RuntimeEvent } from '../events/events.ts';
import { GatheredWrites } from '../worker/gathered-writes.ts';
import { heldConnectors } from '../worker/held-connectors.ts';
import type { Herder } from '../worker/herder.ts';
import { fileStatusTopic } from '../worker/internal-topics.ts';
import { workerClient } from '../worker/kafka-client-config.ts';
import { type FileChange, writeFileChanges } from './file-status-topic.ts';
import { FileTable, mostFiles } from './file-table.ts';
import { recallFiles } from './recalled-files.ts';

/** What changes within so many milliseconds is written together: of a small file only its last state. */
const GATHER_MS = 1_000;
/** Some 30 MB. What is lost of more is known by its offset. */
const MOST_WAITING = 50_000;

export interface FileStatesOptions {
  readonly worker: WorkerConfig;
  readonly herder: Pick<Herder, 'connectors' | 'isReady' | 'cluster'>;
  /** Told once of each outage in which states could not be written, and whenever they cannot be read. */
  readonly onFailure: (reason: string) => void;
}

/**
 * The states of a worker's files: kept in a compacted topic, for whoever looks, now and after a restart. They are told,
 * and nothing goes by them: what is delivered the offsets say. Nothing waits for the topic.
 */
export class FileStates {
  readonly #options: FileStatesOptions;
  readonly #client: KafkaClient;
  readonly #table: FileTable;
  readonly #writes: GatheredWrites<FileChange>;
  /** What it is called among the workers of its group. */
  readonly #member: string;
  /** Settles once what was told before this worker is in the table. */
  #recalled: Promise<void> | null = null;
  readonly #stop = new AbortController();

  constructor(options: FileStatesOptions) {
    const { worker, onFailure } = options;
    this.#options = options;
    this.#member = worker.groupInstanceId ?? randomUUID();
    this.#client = workerClient(worker, () => {});
    this.#table = new FileTable({ onChange: (connector, status) => this.#keep(connector, status) });
    this.#writes = new GatheredWrites({
      gatherMs: GATHER_MS,
      mostWaiting: MOST_WAITING,
      onFailure,
      write: (batch) =>
        writeFileChanges(
          this.#client,
          worker,
          batch.map(([, change]) => change),
          {
            mayTell: (connectors) => heldConnectors(this.#client, worker, options.herder, connectors),
            member: options.herder.cluster === null ? null : this.#member,
          },
        ),
    });
  }

  apply(event: RuntimeEvent): void {
    if (event.type === 'connector.changed' && event.change === 'deleted') this.forget(event.connector, null);
    else if (event.type === 'files.forgotten')
      for (const file of event.files) this.forget(event.connector, file);
    else if ('connector' in event && this.#mayTell(event.connector)) this.#table.apply(event);
  }

  /** How many files of a connector are known at most. */
  get most(): number {
    return this.#table.most;
  }

  /** Another number whenever a file of the connector has changed. */
  versionOf(connector: string): number {
    return this.#table.versionOf(connector);
  }

  /** Takes what another worker of the group tells of files that it reads. */
  learn(connector: string, files: readonly FileStatus[]): void {
    for (const status of files) this.#table.restore(connector, status);
  }

  /** The files of a connector that changed last; those of before this worker too, where Kafka can be asked. */
  async filesOf(connector: string): Promise<readonly FileStatus[]> {
    if (this.#options.herder.isReady) {
      this.#recalled ??= this.#recall().catch((error) => {
        this.#recalled = null;
        this.#options.onFailure(messageOf(error));
      });
      await this.#recalled;
    }
    return this.#table.filesOf(connector);
  }

  /** @param file null: every file of the connector */
  forget(connector: string, file: string | null): void {
    this.#table.forget(connector, file);
    this.#writes.put(keyOf(connector, file), { connector, forget: file });
  }

  /** Writes what there is to write, once more at most. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#writes.close();
  }

  /**
   * Tasks of a connector that was deleted may have something to say to their end, and those of a worker that was suspended
   * until others had them may see files that are delivered by now.
   */
  #mayTell(connector: string): boolean {
    const { connectors, cluster } = this.#options.herder;
    const known = connectors.get(connector);
    return known !== undefined && (cluster === null || cluster.isSure || known.file !== null);
  }

  #keep(connector: string, status: FileStatus): void {
    this.#writes.put(keyOf(connector, status.file), { connector, status });
  }

  async #recall(): Promise<void> {
    const { herder, worker } = this.#options;
    const names = new Set(herder.connectors.keys());
    const isWanted = (connector: string) => names.has(connector);
    const recalled = await recallFiles(this.#client, worker, {
      isWanted,
      mostFiles: mostFiles(names.size),
    });
    for (const name of names) for (const status of recalled.filesOf(name)) this.#table.restore(name, status);
    if (herder.cluster !== null) this.#followOthers();
  }

  /** Takes note of what the other workers of its group tell, once somebody has asked. */
  #followOthers(): void {
    const { worker, onFailure } = this.#options;
    const take = ({ key, value }: TopicRecord) => {
      const of = key === null ? null : decodeFileKey(key);
      const status = of === null || value === null ? null : decodeFileStatus(of.file, value);
      if (of === null) return;
      if (status !== null) this.#table.restore(of.connector, status);
      else if (value === null) this.#table.forget(of.connector, of.file);
    };
    const { signal } = this.#stop;
    fileStatusTopic(this.#client, worker)
      .then(({ name }) => followTopic(this.#client, name, take, { signal }))
      .catch((error) => {
        if (!signal.aborted) onFailure(messageOf(error));
      });
  }
}

/** No connector's name has a slash, and no file's is empty. */
function keyOf(connector: string, file: string | null): string {
  return `${connector}/${file ?? ''}`;
}
