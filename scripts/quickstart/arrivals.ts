import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Consumer, type IHeaders, Kafka, type KafkaMessage, logLevel } from 'kafkajs';

/** A record as a consumer sees it. */
export interface Arrival {
  readonly partition: number;
  readonly offset: string;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What came from one file into one topic: the first of it in full, the rest counted. */
interface FromFile {
  count: number;
  readonly first: Arrival[];
}

const KEPT_IN_FULL = 20;
const POLL_MS = 100;

/** Reads topics as any consumer that wants committed records alone would. */
export class Arrivals {
  readonly #kafka: Kafka;
  readonly #files = new Map<string, FromFile>();
  #consumer: Consumer | undefined;

  constructor(bootstrapServers: string) {
    this.#kafka = new Kafka({
      clientId: 'headrace-quickstart',
      brokers: bootstrapServers.split(','),
      logLevel: logLevel.NOTHING,
    });
  }

  /** Waits until the topics exist, then reads them from the beginning. */
  async start(topics: readonly string[]): Promise<void> {
    await this.#exist(topics);
    this.#consumer = this.#kafka.consumer({ groupId: `quickstart-${randomUUID()}`, readUncommitted: false });
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await this.#consumer.run({
      eachMessage: async ({ topic, partition, message }) => this.#add(topic, arrivalOf(partition, message)),
    });
  }

  /** Takes what came from a file, once `count` records of it are there. */
  async take(topic: string, file: string, count: number): Promise<readonly Arrival[]> {
    const id = idOf(topic, file);
    while ((this.#files.get(id)?.count ?? 0) < count) await delay(POLL_MS);
    const first = this.#files.get(id)?.first ?? [];
    this.#files.delete(id);
    return first;
  }

  async stop(): Promise<void> {
    await this.#consumer?.disconnect();
  }

  async #exist(topics: readonly string[]): Promise<void> {
    const admin = this.#kafka.admin();
    await admin.connect();
    try {
      for (;;) {
        const existing = new Set(await admin.listTopics());
        if (topics.every((topic) => existing.has(topic))) return;
        await delay(POLL_MS);
      }
    } finally {
      await admin.disconnect();
    }
  }

  #add(topic: string, arrival: Arrival): void {
    const id = idOf(topic, fileOf(arrival));
    const from = this.#files.get(id) ?? { count: 0, first: [] };
    this.#files.set(id, from);
    from.count++;
    if (from.first.length < KEPT_IN_FULL) from.first.push(arrival);
  }
}

/** The name of the file that a record came from: dead letters say it by itself, rows as the feed asks for it. */
function fileOf({ headers }: Arrival): string {
  const { file = '', 'file.name': name } = headers;
  return name ?? file.slice(file.lastIndexOf('/') + 1, file.lastIndexOf(':'));
}

function idOf(topic: string, file: string): string {
  return `${topic}/${file}`;
}

function arrivalOf(partition: number, { offset, key, value, headers }: KafkaMessage): Arrival {
  return { partition, offset, key: text(key), value: text(value), headers: headersOf(headers ?? {}) };
}

function headersOf(headers: IHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function text(bytes: Buffer | null): string {
  return bytes?.toString() ?? 'null';
}
