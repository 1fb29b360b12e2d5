import kafkajs, { Kafka, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KafkaBroker, type KafkaCluster, startKafka } from '../support/stack.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

const PATIENCE = { timeout: 20_000 };
const START_MS = 120_000;

describe('one broker', () => {
  let cluster: KafkaCluster;
  let broker: KafkaBroker;

  beforeAll(async () => {
    cluster = await startKafka({
      properties: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'allow.everyone.if.no.acl.found': 'true',
      },
    });
    broker = cluster.brokers[0] as KafkaBroker;
  }, START_MS);

  afterAll(() => cluster?.stop());

  test('keeps its data and its address when it is killed and started again', {
    timeout: START_MS,
  }, async () => {
    await createTopic(cluster, 'kept', 1);
    await produce(cluster, 'kept');

    await broker.kill();
    await expect(produce(cluster, 'kept')).rejects.toThrow();
    await broker.start();

    expect(await endOffset(cluster, 'kept')).toBe('1');
  });

  test('answers nothing while it is paused and goes on afterwards', async () => {
    await createTopic(cluster, 'paused', 1);
    broker.pause();
    await expect(produce(cluster, 'paused')).rejects.toThrow();
    broker.unpause();

    await produce(cluster, 'paused');
  });

  test('refuses what an ACL denies once it is started with an authorizer', async () => {
    await createTopic(cluster, 'denied', 1);
    await createTopic(cluster, 'allowed', 1);
    await denyWrites(cluster, 'denied');

    await expect(produce(cluster, 'denied')).rejects.toMatchObject({
      cause: { type: 'TOPIC_AUTHORIZATION_FAILED' },
    });
    await produce(cluster, 'allowed');
  });
});

describe('three brokers', () => {
  let cluster: KafkaCluster;

  beforeAll(async () => {
    cluster = await startKafka({ brokers: 3 });
  }, START_MS);

  afterAll(() => cluster?.stop());

  test('hold three copies of a record and take more when one broker is killed', async () => {
    expect(cluster.bootstrapServers.split(',')).toHaveLength(3);
    const takesMore = () =>
      produce(cluster, 'copied').then(
        () => true,
        () => false,
      );
    await createTopic(cluster, 'copied', 3);
    // Each broker hears of a new topic in its own time.
    await expect.poll(takesMore, PATIENCE).toBe(true);

    await cluster.brokers[2]?.kill();

    await expect.poll(takesMore, PATIENCE).toBe(true);
  });
});

function client({ bootstrapServers }: KafkaCluster): Kafka {
  return new Kafka({
    brokers: bootstrapServers.split(','),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    retry: { retries: 0 },
  });
}

async function createTopic(cluster: KafkaCluster, topic: string, replicationFactor: number): Promise<void> {
  const admin = client(cluster).admin({ retry: { retries: 5 } });
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic, replicationFactor }],
    waitForLeaders: replicationFactor === 1,
  });
  await admin.disconnect();
}

async function produce(cluster: KafkaCluster, topic: string): Promise<void> {
  const producer: Producer = client(cluster).producer();
  try {
    await producer.connect();
    await producer.send({ topic, acks: -1, messages: [{ value: 'a record' }] });
  } finally {
    await producer.disconnect();
  }
}

async function endOffset(cluster: KafkaCluster, topic: string): Promise<string | undefined> {
  const admin = client(cluster).admin({ retry: { retries: 5 } });
  await admin.connect();
  const [partition] = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return partition?.high;
}

async function denyWrites(cluster: KafkaCluster, topic: string): Promise<void> {
  const admin = client(cluster).admin({ retry: { retries: 5 } });
  await admin.connect();
  const rule = {
    resourceType: AclResourceTypes.TOPIC,
    resourceName: topic,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: 'User:*',
    host: '*',
    operation: AclOperationTypes.WRITE,
    permissionType: AclPermissionTypes.DENY,
  };
  await admin.createAcls({ acl: [rule] });
  await admin.disconnect();
}
