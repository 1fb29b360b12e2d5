import { expect, onTestFinished, test } from 'vitest';
import { ProducerFigures } from '../../../src/kafka/producer/producer-figures.ts';
import { API, type Direction } from '../../chaos/kafka-proxy.ts';
import { KafkaProxies } from '../../chaos/proxied-kafka.ts';
import { batchOf, bootstrapServers, newTopic, startProducer, testClient, uniqueName } from '../support.ts';

const CONCURRENT_TRANSACTIONS = 51;
/** Behind correlation id and time of silence, in the newest version that we speak: tags are before it. */
const INIT_ERROR_AT = 13;

const NOTHING = { initialised: 0, initErrors: {}, retries: 0, retriesExhausted: 0, errors: {} };

test('what a producer does is counted until somebody asks: its start, and how long writing to each topic took', async () => {
  const [trades, quotes] = [await newTopic(), await newTopic()];
  const figures = new ProducerFigures();
  expect(figures.take()).toBeNull();
  const producer = await startProducer({ figures });
  expect(figures.take()).toEqual({ ...NOTHING, initialised: 1, produceSeconds: {} });
  producer.begin();
  await producer.send([{ topic: trades, partition: 0, batch: batchOf('a') }]);
  await producer.send([
    { topic: trades, partition: 0, batch: batchOf('b') },
    { topic: quotes, partition: 0, batch: batchOf('c') },
  ]);
  await producer.commit();
  const seconds = expect.any(Number);
  expect(figures.take()).toMatchObject({
    ...NOTHING,
    produceSeconds: { [trades]: [seconds, seconds], [quotes]: [seconds] },
  });
  expect(figures.take()).toBeNull();
});

test('what ends a producer is counted once, by the name that Kafka gives it', async () => {
  const topic = await newTopic();
  const figures = new ProducerFigures();
  const transactionalId = uniqueName('tx');
  const first = await startProducer({ transactionalId, figures });
  await startProducer({ transactionalId });
  first.begin();
  for (const value of ['a', 'b']) {
    const send = async () => first.send([{ topic, partition: 0, batch: batchOf(value) }]);
    await expect(send()).rejects.toMatchObject({ code: 'KAFKA_FENCED' });
  }
  const { errors = {} } = figures.take() ?? {};
  expect(Object.values(errors)).toEqual([1]);
  expect(Object.keys(errors)[0]).toMatch(/^(INVALID_PRODUCER_EPOCH|PRODUCER_FENCED)$/);
});

test('a start that has to wait for the broker is one that is tried again; one that waits in vain is told too', async () => {
  const seen: Direction[] = [];
  let wrongAnswers = 1;
  const proxies = await KafkaProxies.before(bootstrapServers, {
    pass: (direction, apiKey, _, frame) => {
      if (apiKey !== API.initProducerId) return;
      seen.push(direction);
      if (direction === 'answer' && wrongAnswers-- > 0)
        frame.writeInt16BE(CONCURRENT_TRANSACTIONS, INIT_ERROR_AT);
    },
  });
  onTestFinished(() => proxies.close());
  const client = testClient({ bootstrapServers: proxies.bootstrapServers });
  const figures = new ProducerFigures();
  await startProducer({ figures }, client);
  expect(figures.take()).toMatchObject({ ...NOTHING, initialised: 1, retries: 1 });
  expect(seen).toEqual(['request', 'answer', 'request', 'answer']);
  wrongAnswers = Number.POSITIVE_INFINITY;
  await expect(startProducer({ figures, startTimeoutMs: 50 }, client)).rejects.toThrow(
    'CONCURRENT_TRANSACTIONS',
  );
  expect(figures.take()).toMatchObject({
    initialised: 0,
    initErrors: { CONCURRENT_TRANSACTIONS: 1 },
    retriesExhausted: 1,
  });
});

test('a start for which no broker is there is told by our code', async () => {
  const figures = new ProducerFigures();
  const client = testClient({ bootstrapServers: '127.0.0.1:1' });
  await expect(startProducer({ figures }, client)).rejects.toThrow();
  expect(figures.take()).toMatchObject({ initialised: 0, initErrors: { KAFKA_UNAVAILABLE: 1 } });
});
