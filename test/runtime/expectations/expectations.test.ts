import { expect, onTestFinished, test, vi } from 'vitest';
import { type HandOver, handOverOf } from '../../../src/config/define/hand-over.ts';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { parseWorkerConfig, type WorkerConfig } from '../../../src/config/worker-config.ts';
import { RuntimeEvents } from '../../../src/runtime/events/events.ts';
import { readExpectations } from '../../../src/runtime/expectations/expectation-topic.ts';
import { Expectations } from '../../../src/runtime/expectations/expectations.ts';
import type { Sending } from '../../../src/runtime/notify/notifier.ts';
import type { ManagedConnector } from '../../../src/runtime/worker/managed-connector.ts';
import { takeOver } from '../../../src/runtime/worker/take-over.ts';
import { KafkaProxies } from '../../chaos/proxied-kafka.ts';
import { clientOf } from '../../integration/support/read-topic.ts';
import { sharedKafka, uniqueName } from '../../support/stack.ts';

const { bootstrapServers } = await sharedKafka();
const client = clientOf(bootstrapServers);
vi.setConfig({ testTimeout: 60_000 });

const HAND_OVER = handOverOf({
  ...{ expectBy: '18:00 UTC', expectDays: [], expectPattern: '{yyyy}{MM}{dd}.csv' },
  ...{ expectFiles: 1, expectMinRows: 0 },
}) as HandOver;
const NOON = Date.parse('2026-01-12T12:00:00Z');
const EVENING = Date.parse('2026-01-12T18:00:00Z');

function workerOf(name: string, servers = bootstrapServers): WorkerConfig {
  const { config } = parseWorkerConfig(
    entriesOf(
      {
        ...{ 'bootstrap.servers': servers, 'group.id': name, 'request.timeout.ms': '2000' },
        ...{ 'config.storage.topic': `${name}.configs`, 'offset.storage.topic': `${name}.offsets` },
        ...{ 'file.status.storage.topic': `${name}.files`, 'file.status.storage.partitions': '1' },
      },
      'worker.yaml',
    ),
    {},
  );
  return config as WorkerConfig;
}

/** A worker with the connector `trades`, whose clock stands still until it is set. */
function watchOf(worker: WorkerConfig, claim: string | null, sending: Sending = 'sent') {
  const feed = { config: { handOver: HAND_OVER, exactlyOnce: claim !== null } };
  const connector = {
    isTeller: true,
    claim,
    feed,
    target: 'STARTED',
    state: 'RUNNING',
    tasks: [] as { state: string }[],
  };
  const connectors = new Map([['trades', connector as unknown as ManagedConnector]]);
  const events = new RuntimeEvents();
  const told: string[] = [];
  events.subscribe((event) => {
    if (event.type === 'files.expected' && event.change !== null)
      told.push(`${event.change} ${event.day?.day}`);
  });
  const clock = { now: NOON };
  const troubles: string[] = [];
  const watch = new Expectations({
    ...{ worker, herder: { connectors, isReady: true, events }, notices: { expected: async () => sending } },
    onFailure: (reason) => troubles.push(reason),
    now: () => clock.now,
  });
  onTestFinished(() => watch.close());
  const lookAt = async (now: number) => {
    clock.now = now;
    await watch.look();
  };
  return { watch, told, lookAt, connector, troubles };
}

const lateIn = async (worker: WorkerConfig) => (await readExpectations(client, worker)).get('trades')?.late;

test('what is late is told on time though Kafka is away, by what is known', async () => {
  const proxies = await KafkaProxies.before(bootstrapServers, { pass: () => {} });
  onTestFinished(() => proxies.close());
  const { told, lookAt, troubles } = watchOf(workerOf(uniqueName('away'), proxies.bootstrapServers), null);
  await lookAt(NOON);
  await proxies.close();
  await lookAt(EVENING);
  expect(told).toEqual(['late 2026-01-12']);
  expect(troubles).toHaveLength(1);
});

test('a worker that was taken over tells nothing, until it runs the connector again', async () => {
  const worker = workerOf(uniqueName('taken'));
  const take = () => takeOver(client, { worker, connector: 'trades', tasks: 1, offsets: null });
  const former = await take();
  const { told, lookAt, connector } = watchOf(worker, former.claim);
  await lookAt(NOON);
  await expect.poll(() => lateIn(worker)).toEqual([]);
  await take();
  await lookAt(EVENING);
  await lookAt(EVENING + 1);
  expect(told).toEqual([]);
  connector.claim = (await take()).claim;
  await lookAt(EVENING + 2);
  expect(told).toEqual(['late 2026-01-12']);
});

test('a connector that is about to begin is not told of yet, one that cannot begin is', async () => {
  const { watch, told, lookAt, connector } = watchOf(workerOf(uniqueName('begun')), null);
  connector.feed.config.exactlyOnce = true;
  connector.tasks = [{ state: 'UNASSIGNED' }];
  await lookAt(NOON);
  expect(watch.statuses()).toEqual([]);
  connector.tasks = [{ state: 'FAILED' }];
  await lookAt(NOON);
  await lookAt(EVENING);
  expect(told).toEqual(['late 2026-01-12']);
});

test('what nobody has taken note of is told by the next worker, what somebody has is not', async () => {
  const worker = workerOf(uniqueName('told'));
  const first = watchOf(worker, null, 'stopped');
  await first.lookAt(NOON);
  await expect.poll(() => lateIn(worker)).toEqual([]);
  await first.lookAt(EVENING);
  await first.watch.close();
  expect(first.told).toEqual(['late 2026-01-12']);

  const second = watchOf(worker, null);
  await second.lookAt(EVENING);
  expect(second.told).toEqual(['late 2026-01-12']);
  await expect.poll(() => lateIn(worker)).toEqual(['2026-01-12']);
  await second.watch.close();

  const third = watchOf(worker, null);
  await third.lookAt(EVENING);
  expect(third.told).toEqual([]);
  expect(third.watch.statuses()).toMatchObject([{ days: [{ state: 'LATE' }, { state: 'WAITING' }] }]);
});
