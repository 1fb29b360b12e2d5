import type { KafkaClient } from '../../kafka/connection/client.ts';
import { readToEnd } from '../../kafka/reader/topic-reader.ts';
import { CommittedOffsets } from '../../offsets/committed-offsets.ts';
import { decodeOffsetKey } from '../../offsets/offset-codec.ts';
import type { OffsetReader } from '../../plugin/index.ts';

type ByConnector = ReadonlyMap<string, CommittedOffsets>;

/**
 * The offsets of many connectors, read together: those who ask while the topic is read wait for the next reading, so that nobody
 * is told what was committed before he asked.
 */
export class OffsetsOfAll {
  readonly #client: KafkaClient;
  readonly #topic: string;
  #reading: Promise<unknown> = Promise.resolve();
  #next: Promise<ByConnector> | null = null;

  constructor(client: KafkaClient, topic: string) {
    this.#client = client;
    this.#topic = topic;
  }

  async of(connector: string): Promise<OffsetReader> {
    this.#next ??= this.#readNext();
    return (await this.#next).get(connector) ?? new CommittedOffsets(connector);
  }

  async #readNext(): Promise<ByConnector> {
    await this.#reading;
    this.#next = null;
    const reading = this.#read();
    this.#reading = reading.catch(() => {});
    return await reading;
  }

  async #read(): Promise<ByConnector> {
    const all = new Map<string, CommittedOffsets>();
    await readToEnd(this.#client, this.#topic, (record) => {
      const connector = record.key === null ? undefined : decodeOffsetKey(record.key)?.connector;
      if (connector === undefined || record.key === null) return;
      const own = all.get(connector) ?? new CommittedOffsets(connector);
      all.set(connector, own);
      own.apply(record.key, record.value, record);
    });
    return all;
  }
}
