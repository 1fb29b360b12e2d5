import type { WorkerConfig } from '../../config/worker-config.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { readCommitted, readToEnd } from '../../kafka/reader/topic-reader.ts';
import { type Alteration, alteredRecords } from '../../offsets/alterations.ts';
import { OffsetTable, type StoredSourceOffset } from '../../offsets/offset-table.ts';
import { type OffsetRecord, rewriteOffsets, tombstonesOf } from '../../offsets/rewrite-offsets.ts';
import { offsetsTopic } from './internal-topics.ts';
import { shutOut } from './shut-out.ts';

/** The offsets of a worker's connectors, for people: shown, and changed while nothing runs that writes them. */
export class ConnectorOffsets {
  readonly #client: KafkaClient;
  readonly #worker: WorkerConfig;

  constructor(client: KafkaClient, worker: WorkerConfig) {
    this.#client = client;
    this.#worker = worker;
  }

  /** Those that are committed now; none where there is no offset topic yet. */
  async of(connector: string): Promise<readonly StoredSourceOffset[]> {
    const table = new OffsetTable(connector);
    await readCommitted(this.#client, this.#worker.offsetStorageTopic, (record) => table.apply(record));
    return table.of(connector);
  }

  /** Writes offsets as a person gives them, once they are checked. Shuts out whoever runs the connector elsewhere. */
  async alter(connector: string, alterations: readonly Alteration[]): Promise<void> {
    const { partitions } = await offsetsTopic(this.#client, this.#worker);
    await this.#rewrite(connector, (table) => alteredRecords(alterations, connector, table, partitions));
  }

  async forget(connector: string): Promise<void> {
    await this.#rewrite(connector, (table) => tombstonesOf(table.of(connector)));
  }

  async #rewrite(connector: string, decide: (table: OffsetTable) => readonly OffsetRecord[]): Promise<void> {
    const shut = await shutOut(this.#client, this.#worker, connector, { tasks: null });
    await rewriteOffsets(this.#client, { ...shut, decide });
    // A commit is answered before it is to be seen everywhere, and who is told that it is done asks next.
    await readToEnd(this.#client, shut.topic, () => {});
  }
}
