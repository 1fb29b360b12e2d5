import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { FeedFolder } from '../integration/support/feed-folder.ts';
import { type KafkaCluster, startKafka } from '../support/stack.ts';
import { headrace } from './support/run-command.ts';

vi.setConfig({ testTimeout: 120_000 });

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, ResourcePatternTypes } = kafkajs;
let kafka: KafkaCluster;

function allow(resourceType: number, resourceName: string, operation: number, principal = 'User:ANONYMOUS') {
  return {
    resourceType,
    resourceName,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal,
    host: '*',
    operation,
    permissionType: AclPermissionTypes.ALLOW,
  };
}

beforeAll(async () => {
  kafka = await startKafka({
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'allow.everyone.if.no.acl.found': 'true',
    },
  });
  const admin = new Kafka({ brokers: kafka.bootstrapServers.split(','), logLevel: 0 }).admin();
  await admin.connect();
  const configEntries = [{ name: 'cleanup.policy', value: 'compact' }];
  await admin.createTopics({
    topics: [{ topic: 'rows' }, { topic: 'rows.dlq' }, { topic: 'rows.offsets', configEntries }],
  });
  const { TOPIC, TRANSACTIONAL_ID } = AclResourceTypes;
  const { DESCRIBE, ALL } = AclOperationTypes;
  const acl = [
    allow(TOPIC, 'rows', DESCRIBE),
    allow(TRANSACTIONAL_ID, 'headrace-standalone-doctor', ALL, 'User:somebody'),
  ];
  await admin.createAcls({ acl });
  await admin.disconnect();
});

afterAll(() => kafka?.stop());

test('a right that is missing is named, with what it is for', async () => {
  const folder = await FeedFolder.make('rows');
  await folder.worker({ 'bootstrap.servers': kafka.bootstrapServers });
  await folder.feed();
  const { stdout, code } = await headrace(['doctor', 'feed.yaml', '--worker', 'worker.yaml'], {
    cwd: folder.path,
  });
  const failed = stdout.split('\n').filter((line) => line.includes('✗'));
  expect(failed).toEqual([
    expect.stringMatching(/group\.id: .*TRANSACTIONAL_ID_AUTHORIZATION_FAILED\. Grant the principal/),
    expect.stringContaining('transforms.route.topic: rows: grant the principal WRITE on this topic'),
  ]);
  expect(stdout).toContain('✓ errors.deadletterqueue.topic.name: rows.dlq has 1 partition');
  expect(code).toBe(2);
});
