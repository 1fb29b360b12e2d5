/** `kafkajs-send.ts BOOTSTRAP TOPIC FILE`: sends each line of the file, key and value with a tab between. */
import { createReadStream } from 'node:fs';
import { Kafka, logLevel, type Message } from 'kafkajs';

const BATCH = 5000;
/** A partition's share of a batch must fit into a request of its own, whatever the keys. */
const BATCH_CHARS = 900_000;
const READ_BYTES = 1 << 20;
const ALL_REPLICAS = -1;

async function* messages(path: string): AsyncGenerator<Message[], void, undefined> {
  let batch: Message[] = [];
  let chars = 0;
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: READ_BYTES })) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const tab = line.indexOf('\t');
      batch.push({ key: line.slice(0, tab), value: line.slice(tab + 1) });
      chars += line.length;
      if (batch.length < BATCH && chars < BATCH_CHARS) continue;
      yield batch;
      batch = [];
      chars = 0;
    }
  }
  if (batch.length > 0) yield batch;
}

const [bootstrapServers = '', topic = '', path = ''] = process.argv.slice(2);
const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING });
const producer = kafka.producer();
await producer.connect();
const startedAt = performance.now();
for await (const batch of messages(path)) await producer.send({ topic, messages: batch, acks: ALL_REPLICAS });
const loadMs = performance.now() - startedAt;
await producer.disconnect();
process.stdout.write(JSON.stringify({ loadMs }));
