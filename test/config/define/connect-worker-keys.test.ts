import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CONNECT_WORKER_KEYS, whyMeaningless } from '../../../src/config/define/connect-worker-keys.ts';
import { WORKER_OPTIONS } from '../../../src/config/define/worker-definition.ts';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { renderProblem } from '../../../src/config/read/problem.ts';
import { parseWorkerConfig } from '../../../src/config/worker-config.ts';
import { loadWorkerConfig } from '../../../src/config/worker-file.ts';
import { dottedName } from '../../../src/values/dotted-name.ts';

const OPTIONS = Object.keys(WORKER_OPTIONS).map(dottedName);

/** Of DistributedConfig, StandaloneConfig and RestServerConfig in Apache Kafka Connect 4.3.1, without logins and TLS. */
const CONNECT =
  `access.control.allow.methods access.control.allow.origin admin.listeners bootstrap.servers client.dns.lookup
client.id config.providers config.storage.replication.factor config.storage.topic connect.protocol connections.max.idle.ms
connector.client.config.override.policy exactly.once.source.support group.id header.converter header.converter.plugin.version
heartbeat.interval.ms inter.worker.key.generation.algorithm inter.worker.key.size inter.worker.key.ttl.ms
inter.worker.signature.algorithm inter.worker.verification.algorithms key.converter listeners metadata.max.age.ms
metadata.recovery.rebootstrap.trigger.ms metadata.recovery.strategy metric.reporters metrics.num.samples
metrics.recording.level metrics.sample.window.ms offset.flush.interval.ms offset.flush.timeout.ms
offset.storage.file.filename offset.storage.partitions offset.storage.replication.factor offset.storage.topic
plugin.discovery plugin.path rebalance.timeout.ms receive.buffer.bytes reconnect.backoff.max.ms reconnect.backoff.ms
request.timeout.ms response.http.headers.config rest.advertised.host.name rest.advertised.listener rest.advertised.port
rest.extension.classes retry.backoff.max.ms retry.backoff.ms scheduled.rebalance.max.delay.ms security.protocol
send.buffer.bytes session.timeout.ms socket.connection.setup.timeout.max.ms socket.connection.setup.timeout.ms
task.shutdown.graceful.timeout.ms topic.creation.enable topic.tracking.allow.reset topic.tracking.enable value.converter
worker.sync.timeout.ms worker.unsync.backoff.ms`.split(/\s+/);

test.each([...CONNECT, 'producer.acks', 'consumer.x', 'admin.x', 'internal.key.converter.schemas.enable'])(
  '%s of Kafka Connect is an option or means nothing, and is known as that',
  (key) => expect([OPTIONS.includes(key), whyMeaningless(key) !== null]).toContain(true),
);

test('no option means nothing', () => {
  expect(OPTIONS.filter((key) => CONNECT_WORKER_KEYS.has(key))).toEqual([]);
});

test.each([
  'ssl.keystore.key',
  'ssl.truststore.certificates',
  'listeners.https.ssl.truststore.certificates',
  'rest.advertised.hostname',
  'producer',
  'config.providers.alowed.paths',
])('%s would be missed, or is a slip of the pen: it is not passed over', (key) => {
  expect(whyMeaningless(key)).toBeNull();
  const flat = { 'bootstrap.servers': 'localhost:9092', [key]: 'x' };
  const { problems } = parseWorkerConfig(entriesOf(flat, 'worker.yaml'), {});
  expect(problems.map(renderProblem)).toEqual([expect.stringContaining(`${key}: unknown key`)]);
});

test('the file of a distributed worker of Kafka Connect starts a worker, and says what of it means nothing', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'headrace-connect-')), 'connect-distributed.properties');
  writeFileSync(
    path,
    `# A worker
bootstrap.servers=localhost:9092
group.id = connect-cluster
key.converter=org.apache.kafka.connect.json.JsonConverter
key.converter.schemas.enable=false
offset.storage.topic: connect-offsets
offset.storage.replication.factor 1
config.storage.topic=connect-configs
offset.flush.interval.ms=10000
listeners=http://127.0.0.1:8083
listeners.https.ssl.keystore.type=JKS
rest.advertised.host.name=worker-1
session.timeout.ms=10000
heartbeat.interval.ms=3000
rebalance.timeout.ms=60000
scheduled.rebalance.max.delay.ms=300000
producer.sasl.jaas.config=\${vault:kafka:jaas}
config.providers.vault.class=com.example.Vault
security.protocol=SASL_SSL
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\
  username="ann" \\
  password="a\\\\b";
`,
  );
  const config = await loadWorkerConfig(path, {});
  expect(config).toMatchObject({
    groupId: 'connect-cluster',
    sessionTimeoutMs: 10_000,
    heartbeatIntervalMs: 3_000,
    rebalanceTimeoutMs: 60_000,
    restAdvertisedHostName: 'worker-1',
    keyConverter: 'org.apache.kafka.connect.json.JsonConverter',
    offsetStorageTopic: 'connect-offsets',
    offsetStorageReplicationFactor: 1,
    saslJaasConfig:
      'org.apache.kafka.common.security.plain.PlainLoginModule required username="ann" password="a\\b";',
  });
  expect(config.warnings).toEqual([
    `${path}:9: offset.flush.interval.ms: means nothing here: offsets are committed with the rows, in one transaction`,
    `${path}:11: listeners.https.ssl.keystore.type: means nothing here: keys and certificates are PEM files, which say themselves what they are`,
    `${path}:16: scheduled.rebalance.max.delay.ms: means nothing here: tasks of a worker that is gone go elsewhere at once, since whoever takes them over shuts it out`,
    `${path}:17: producer.sasl.jaas.config: means nothing here: what may be tuned are options of feeds, producer.override.*, and of this worker`,
    `${path}:18: config.providers.vault.class: means nothing here: nothing of Java is loaded; a class is one of vault, aws-secrets-manager, google-secret-manager, azure-key-vault`,
  ]);
});
