import type { KafkaClient } from '../../kafka/connection/client.ts';
import { readToEnd, type TopicRecord } from '../../kafka/reader/topic-reader.ts';
import { CommittedOffsets } from '../../offsets/committed-offsets.ts';
import { decodeOffsetKey } from '../../offsets/offset-codec.ts';
import type { OffsetReader } from '../../plugin/index.ts';
import { AskedTogether } from '../worker/asked-together.ts';

/**
 * A transaction that was left open hides what is behind it, and may be that of a task which sleeps here: it ends its own
 * once it is awake, and need not wait until Kafka does.
 */
const STUCK_MS = 5_000;

type ByConnector = ReadonlyMap<string, CommittedOffsets>;

/**
 * The offsets of many connectors, read together for all who ask at about the same time. They are told KAFKA_UNAVAILABLE when
 * nothing came for some seconds.
 */
export class OffsetsOfAll {
  readonly #client: KafkaClient;
  readonly #topic: string;
  readonly #readings = new AskedTogether(() => this.#read());

  constructor(client: KafkaClient, topic: string) {
    this.#client = client;
    this.#topic = topic;
  }

  async of(connector: string): Promise<OffsetReader> {
    return (await this.#readings.answer()).get(connector) ?? new CommittedOffsets(connector);
  }

  async #read(): Promise<ByConnector> {
    const all = new Map<string, CommittedOffsets>();
    const take = (record: TopicRecord) => {
      const connector = record.key === null ? undefined : decodeOffsetKey(record.key)?.connector;
      if (connector === undefined || record.key === null) return;
      const own = all.get(connector) ?? new CommittedOffsets(connector);
      all.set(connector, own);
      own.apply(record.key, record.value, record);
    };
    await readToEnd(this.#client, this.#topic, take, { timeoutMs: STUCK_MS });
    return all;
  }
}
