import { mkdir } from 'node:fs/promises';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { ensureTopics } from '../../src/kafka/cluster/topic-creation.ts';
import { offsetsAt } from '../../src/kafka/reader/spans.ts';
import { API } from '../chaos/kafka-proxy.ts';
import { KafkaProxies } from '../chaos/proxied-kafka.ts';
import { OPEN, SwitchGate } from '../chaos/switch-gate.ts';
import { withAdmin } from '../support/kafka-admin.ts';
import { type KafkaBroker, type KafkaCluster, startKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import { Trap } from './support/gates.ts';
import { clientOf, valuesIn } from './support/read-topic.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

/** A broker of this file's own: it is ended, paused, and refuses. */
let kafka: KafkaCluster;

beforeAll(async () => {
  kafka = await startKafka({
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'allow.everyone.if.no.acl.found': 'true',
    },
  });
});
afterAll(() => kafka.stop());

async function newFeed(
  options: Readonly<Record<string, string | null>> = {},
  worker: Readonly<Record<string, string>> = {},
): Promise<FeedFolder> {
  const folder = await FeedFolder.make(uniqueName('feed'));
  await folder.worker({ 'bootstrap.servers': kafka.bootstrapServers, ...worker });
  await folder.feed(options);
  return folder;
}

async function deny(topic: string): Promise<void> {
  const denial = {
    resourceType: AclResourceTypes.TOPIC,
    resourceName: topic,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: 'User:ANONYMOUS',
    host: '*',
    operation: AclOperationTypes.WRITE,
    permissionType: AclPermissionTypes.DENY,
  };
  await withAdmin(kafka.bootstrapServers, (admin) => admin.createAcls({ acl: [denial] }));
}

/** Records of a topic, committed or not. */
function recordsIn(topic: string): Promise<number> {
  return clientOf(kafka.bootstrapServers).withConnection(async (connection) => {
    const partitions = [...(await connection.leaders(topic)).keys()].map((partition) => ({
      topic,
      partition,
    }));
    const ends = await offsetsAt(connection, partitions, 'end');
    return [...ends.values()].reduce((sum, end) => sum + Number(end), 0);
  });
}

const broker = () => kafka.brokers[0] as KafkaBroker;

test('a topic that may not be written to fails the task, which names it; the daemon lives on', async () => {
  const folder = await newFeed();
  await ensureTopics(clientOf(kafka.bootstrapServers), [
    { topic: folder.name, partitions: 1, replicationFactor: 1 },
  ]);
  await deny(folder.name);
  await folder.write('drop/t.csv', 'symbol,price\nBHP,1\n');
  const daemon = folder.start();
  const { error } = await daemon.waitFor('task failed');
  expect(error).toMatchObject({ code: 'KAFKA_DENIED', message: expect.stringContaining(folder.name) });
  expect((error as { message: string }).message).toMatch(/WRITE|Write|write/);
  expect(daemon.hasExited).toBe(false);
  expect(await daemon.stop()).toBe(0);
});

test('a missing topic that may not be created fails the task with what to do', async () => {
  const folder = await newFeed({}, { 'topic.creation.enable': 'false' });
  await folder.write('drop/t.csv', 'symbol,price\nBHP,1\n');
  await ensureTopics(clientOf(kafka.bootstrapServers), [
    { topic: `${folder.name}.dlq`, partitions: 1, replicationFactor: 1 },
  ]);
  const { error } = await folder.start().waitFor('task failed');
  expect(error).toMatchObject({
    code: 'TOPIC_INVALID',
    message: `topic ${folder.name} does not exist; create it, or set topic.creation.enable: true in the worker config`,
  });
});

test('an offsets topic that is not compacted ends the daemon with the reason', async () => {
  const topic = uniqueName('offsets');
  await ensureTopics(clientOf(kafka.bootstrapServers), [{ topic, partitions: 1, replicationFactor: 1 }]);
  const folder = await newFeed({}, { 'offset.storage.topic': topic });
  const daemon = folder.start();
  expect(await daemon.exited).toBe(2);
  const said = daemon.lines.map(({ msg }) => msg).join('\n');
  expect(said).toContain(
    `The topic "${topic}" of offset.storage.topic has cleanup.policy=delete, and must have cleanup.policy=compact`,
  );
  expect(said).not.toContain('    at ');
});

test('a folder that is not there is named with its key, and read when it comes', async () => {
  const folder = await newFeed({ 'input.path': './later' });
  const daemon = folder.start();
  const { error } = await daemon.waitFor('task restarting');
  expect(error).toMatchObject({ code: 'SOURCE_UNREADABLE', message: expect.stringContaining('input.path') });
  await mkdir(folder.at('later'));
  await folder.write('later/t.csv', 'symbol,price\nBHP,1\n');
  await daemon.waitFor('file completed');
  expect(await valuesIn(kafka.bootstrapServers, folder.name)).toEqual(['{"symbol":"BHP","price":1}']);
});

test('a folder that is made later is read as soon as it is there, however long the next try is away', async () => {
  const delays = { 'errors.retry.delay.ms': '600000', 'errors.retry.delay.max.ms': '600000' };
  const folder = await newFeed({ 'input.path': './later', ...delays });
  const daemon = folder.start();
  await daemon.waitFor('task restarting');
  await mkdir(folder.at('later'));
  await folder.write('later/t.csv', 'symbol,price\nBHP,1\n');
  await daemon.waitFor('file completed');
  expect(daemon.lines.filter(({ msg }) => msg === 'task restarting')).toHaveLength(1);
});

test('a local file that is not there fails its task with the reason, and no other', async () => {
  const folder = await newFeed({
    'connector.class': 'local',
    'input.path': './missing.csv',
    'settle.ms': null,
    'scan.interval.ms': null,
  });
  const daemon = folder.start();
  const { error } = await daemon.waitFor('task failed');
  expect(error).toMatchObject({ code: 'SOURCE_UNREADABLE', message: expect.stringContaining('missing.csv') });
  expect(daemon.hasExited).toBe(false);
});

test('a broker that is away at the start is waited for, and named', async () => {
  await broker().kill();
  const folder = await newFeed();
  await folder.write('drop/t.csv', 'symbol,price\nBHP,1\n');
  const daemon = folder.start();
  const waiting = await daemon.waitFor('waiting for Kafka');
  expect(waiting.reason).toContain(`bootstrap.servers "${kafka.bootstrapServers}"`);
  await broker().start();
  await daemon.waitFor('file completed', 40_000);
  expect(await valuesIn(kafka.bootstrapServers, folder.name)).toEqual(['{"symbol":"BHP","price":1}']);
}, 60_000);

/**
 * The broker is killed before the commit of the file's one transaction reaches it. Killed between the answer to a commit
 * and its markers, a single broker (Apache Kafka 4.3.1) forgets the markers when it starts again, and hides the rows for
 * ever.
 */
test('a broker that goes away under way is waited for, and each row arrives once', async () => {
  const commit = new Trap('request', API.endTxn, 2);
  const gate = new SwitchGate();
  gate.current = commit;
  const proxies = await KafkaProxies.before(kafka.bootstrapServers, gate);
  onTestFinished(() => proxies.close());
  const folder = await newFeed(
    { 'transaction.boundary': 'file' },
    { 'bootstrap.servers': proxies.bootstrapServers },
  );
  await ensureTopics(clientOf(kafka.bootstrapServers), [
    { topic: folder.name, partitions: 2, replicationFactor: 1 },
  ]);
  const rows = Array.from({ length: 20_000 }, (_, index) => `S${index % 50},${index}\n`);
  await folder.write('drop/t.csv', `symbol,price\n${rows.join('')}`);
  const daemon = folder.start();
  await commit.sprung.promise;
  expect(await recordsIn(folder.name)).toBeGreaterThan(0);
  await broker().kill();
  gate.current = OPEN;
  const { error } = await daemon.waitFor('task restarting');
  expect(error).toMatchObject({ code: 'KAFKA_UNAVAILABLE', retriable: true });
  await broker().start();
  await daemon.waitFor('file completed', 40_000);
  const values = await valuesIn(kafka.bootstrapServers, folder.name);
  expect(values).toHaveLength(20_000);
  expect(new Set(values).size).toBe(20_000);
}, 90_000);

test('a typo in a key ends the daemon before anything is read', async () => {
  const folder = await newFeed({
    'input.file.patern': '*.csv',
    'transforms.validate.fields.price': 'duoble',
  });
  const daemon = folder.start();
  expect(await daemon.exited).toBe(2);
  const said = daemon.lines.map(({ msg }) => msg);
  expect(said).toEqual([
    expect.stringMatching(/feed\.yaml:\d+: transforms\.validate\.fields\.price: .*double/),
    expect.stringMatching(
      /feed\.yaml:\d+: input\.file\.patern: unknown key; did you mean input\.file\.pattern\?/,
    ),
  ]);
});
