import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LogLine, RunningFeed } from '../feeds/running-feed.ts';
import { valuesIn } from '../integration/support/read-topic.ts';
import { type KafkaCluster, startKafka } from '../support/stack.ts';
import { page, ROOT } from './markdown.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, ResourcePatternTypes } = kafkajs;
const { LITERAL, PREFIXED } = ResourcePatternTypes;
const { TOPIC, TRANSACTIONAL_ID, CLUSTER, GROUP } = AclResourceTypes;

/** The resources of the table in docs/operations.md, as this test has them. */
const RESOURCES = new Map([
  [
    'transactional ids with the prefix `<group.id>-`',
    [{ type: TRANSACTIONAL_ID, pattern: PREFIXED, name: 'headrace-standalone-' }],
  ],
  ['the offset topic', [{ type: TOPIC, pattern: LITERAL, name: 'headrace-offsets' }]],
  ['the config topic', [{ type: TOPIC, pattern: LITERAL, name: 'headrace-configs' }]],
  ['the topic of file states', [{ type: TOPIC, pattern: LITERAL, name: 'headrace-file-status' }]],
  [
    'the topics that feeds write to, dead-letter topics and `end.of.file.topic` included',
    ['market.trades', 'market.trades.dlq'].map((name) => ({ type: TOPIC, pattern: LITERAL, name })),
  ],
]);
const folder = mkdtempSync(join(tmpdir(), 'headrace-permissions-'));
let kafka: KafkaCluster;
let running: RunningFeed | undefined;

/** What a broker's own work needs, since it is the same principal here; and groups for nobody. */
const OTHERS = [
  aclOf(CLUSTER, LITERAL, 'kafka-cluster', AclOperationTypes.CLUSTER_ACTION),
  aclOf(GROUP, LITERAL, '*', AclOperationTypes.ALL, 'User:nobody'),
];

function aclOf(
  resourceType: number,
  pattern: number,
  name: string,
  operation: number,
  principal = 'User:ANONYMOUS',
) {
  const resource = { resourceType, resourcePatternType: pattern, resourceName: name };
  return { ...resource, principal, host: '*', operation, permissionType: AclPermissionTypes.ALLOW };
}

/** The rows of the table that are neither optional nor for a case of their own. */
function neededAcls() {
  const { text } = page('docs/operations.md');
  const table = text.slice(text.indexOf('## Permissions'));
  const rows = [...table.matchAll(/^\| ([^|]+?) +\| ([`A-Z_, ]+?) +\| (?!only|optional)([^|]+)\|$/gm)];
  expect(rows.map(([, resource]) => resource)).toEqual([...RESOURCES.keys()]);
  return rows.flatMap(([, resource = '', operations = '']) =>
    [...operations.matchAll(/`(\w+)`/g)].flatMap(([, operation]) =>
      (RESOURCES.get(resource) ?? []).map(({ type, pattern, name }) =>
        aclOf(type, pattern, name, AclOperationTypes[operation as 'READ']),
      ),
    ),
  );
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
  const topics = ['market.trades', 'market.trades.dlq'].map((topic) => ({ topic }));
  const names = ['headrace-offsets', 'headrace-configs', 'headrace-file-status'];
  const internal = names.map((topic) => ({ topic, configEntries }));
  await admin.createTopics({ topics: [...topics, ...internal] });
  await admin.createAcls({ acl: [...neededAcls(), ...OTHERS] });
  await admin.disconnect();
});

afterAll(async () => {
  await running?.stop();
  await kafka?.stop();
  rmSync(folder, { recursive: true });
});

/** Runs the feed until a file is done with, or the task is in trouble. */
async function load(name: string): Promise<LogLine> {
  copyFileSync(join(ROOT, 'examples/trades/trades.csv'), join(folder, 'drop/trades', name));
  running = new RunningFeed(join(folder, 'trades.yaml'), kafka.bootstrapServers);
  const ended = ['file completed', 'task failed', 'task restarting'].map((msg) => running?.line(msg));
  const line = await Promise.race(ended);
  await running.stop();
  return line as LogLine;
}

test('a feed delivers with the permissions that docs/operations.md calls necessary, and no others', async () => {
  const feed = readFileSync(join(ROOT, 'config/trades.yaml'), 'utf8');
  writeFileSync(join(folder, 'trades.yaml'), `${feed}\ntransaction.boundary: file\n`);
  mkdirSync(join(folder, 'drop/trades'), { recursive: true });
  expect(await load('trades-1.csv')).toMatchObject({ msg: 'file completed', produced: 4, rejected: 1 });
  // Now there are offsets to read.
  expect(await load('trades-2.csv')).toMatchObject({ msg: 'file completed', file: 'trades-2.csv' });
  const states = await valuesIn(kafka.bootstrapServers, 'headrace-file-status');
  expect(states.filter((text) => JSON.parse(text).state === 'COMPLETED')).toHaveLength(2);
});
