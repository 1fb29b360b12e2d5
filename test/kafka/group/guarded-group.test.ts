import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type KafkaCluster, startKafka } from '../../support/stack.ts';
import { TokenIssuer } from '../../support/token-issuer.ts';
import { GuardedClients } from '../connection/guarded-client.ts';
import { testClient } from '../support.ts';
import { expectShared, newGroup, SOON, startWorkers, TestWorker } from './test-worker.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, ResourcePatternTypes } = kafkajs;

let kafka: KafkaCluster;
let guarded: GuardedClients;

beforeAll(async () => {
  guarded = await GuardedClients.open();
  kafka = await startKafka({
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'allow.everyone.if.no.acl.found': 'true',
    },
  });
});

afterAll(async () => {
  guarded?.close();
  await kafka?.stop();
});

/** Nobody may do anything with the group, but for this; READ brings DESCRIBE with it. */
async function allowOnly(
  groupId: string,
  operation: 'READ' | 'DESCRIBE',
  principal = 'User:ANONYMOUS',
): Promise<void> {
  const admin = new Kafka({ brokers: kafka.bootstrapServers.split(','), logLevel: 0 }).admin();
  await admin.connect();
  const acl = {
    resourceType: AclResourceTypes.GROUP,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    resourceName: groupId,
    principal,
    host: '*',
    operation: AclOperationTypes[operation],
    permissionType: AclPermissionTypes.ALLOW,
  };
  await admin.createAcls({ acl: [acl] });
  await admin.disconnect();
}

test.each([
  ['find the coordinator of', 'User:somebody', 'Finding the coordinator of group'],
  ['join', 'User:ANONYMOUS', 'Joining group'],
])('who may not %s the group is told which right is missing', async (_, principal, doing) => {
  const group = newGroup();
  await allowOnly(group.groupId, 'DESCRIBE', principal);
  const client = testClient({ bootstrapServers: kafka.bootstrapServers });
  const anna = TestWorker.start('anna', { ...group, client });
  await expect
    .poll(() => anna.failure, SOON)
    .toMatchObject({
      code: 'KAFKA_DENIED',
      message: `${doing} "${group.groupId}" failed: Kafka answered GROUP_AUTHORIZATION_FAILED. Grant the principal READ on the group.`,
    });
});

test('READ on the group is enough', async () => {
  const group = newGroup();
  await allowOnly(group.groupId, 'READ');
  await startWorkers({ ...group, client: testClient({ bootstrapServers: kafka.bootstrapServers }) }, 'anna');
});

test('workers whose log-ins end while they wait for others log in again', async () => {
  const issuer = await TokenIssuer.start('headrace', 'secret');
  onTestFinished(() => issuer.close());
  issuer.lifetimeS = 1;
  const client = guarded.client('LOGIN', {
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'OAUTHBEARER',
    'sasl.oauthbearer.token.endpoint.url': issuer.url,
    'sasl.jaas.config': 'OAuthBearerLoginModule required clientId="headrace" clientSecret="secret";',
  });
  const group = { ...newGroup(), client };
  const [anna, ben] = await startWorkers(group, 'anna', 'ben');
  const { promise: go, resolve } = Promise.withResolvers<void>();
  anna.beforeAssign = () => go;
  ben.member.rejoin();
  const logins = issuer.requests.length;
  // Each is of about a second, in which both wait for what anna decides.
  await expect.poll(() => issuer.requests.length, SOON).toBeGreaterThan(logins + 4);
  anna.work.push('c-0', 'c-1');
  resolve();
  await expectShared([anna, ben], anna.work);
  expect([anna, ben].flatMap(({ losses }) => losses)).toEqual([]);
});
