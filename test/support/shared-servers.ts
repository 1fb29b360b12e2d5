import { startAzure } from '../../scripts/stack/azure.ts';
import { startDockerGcs } from '../../scripts/stack/docker-gcs.ts';
import { gcsMissing, startGcs } from '../../scripts/stack/gcs.ts';
import type { HttpServer } from '../../scripts/stack/http-server.ts';
import { startKafka } from '../../scripts/stack/kafka.ts';
import { startS3 } from '../../scripts/stack/s3.ts';
import { startSftp } from '../../scripts/stack/sftp.ts';
import { startSqs } from '../../scripts/stack/sqs.ts';
import { startGuardedKafka } from './guarded-kafka.ts';
import type { SharedSftp } from './sftp.ts';
import { sshKeys } from './ssh-keys.ts';
import type { KafkaOptions, SharedKafka } from './stack.ts';

/** A server that runs for all test files. */
export interface SharedServer {
  /** What the test files are told of it; goes as JSON. */
  readonly given: object;
  stop(): Promise<void>;
}

/** How each is started. */
export const SHARED_SERVERS = {
  kafka: () => startSharedKafka(),
  /** A cluster whose brokers are new and that was never raised to their protocol of transactions. */
  unraisedKafka: () => startSharedKafka({ features: { 'transaction.version': 1 } }),
  guardedKafka: () => startGuardedKafka(),
  s3: async () => byEndpoint(await startS3()),
  gcs: async () => byEndpoint(await ((await gcsMissing()) ? startDockerGcs() : startGcs())),
  azure: async () => byEndpoint(await startAzure()),
  sqs: async () => byEndpoint(await startSqs()),
  sftp: async () => {
    const { private: privateKey, public: publicKey } = sshKeys();
    const login = { user: 'alice', password: "alice's password" };
    const server = await startSftp({
      users: [{ name: login.user, password: login.password, publicKeys: [publicKey] }],
    });
    const { host, port, root, hostKey, knownHostsLine } = server;
    const given: SharedSftp = { ...login, host, port, root, hostKey, knownHostsLine, privateKey };
    return { given, stop: () => server.stop() };
  },
} as const satisfies Record<string, () => Promise<SharedServer>>;

/** Transactions are ended soon after their time. */
const SHORT_WAITS = { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '500' };

async function startSharedKafka(options: KafkaOptions = {}): Promise<SharedServer> {
  const cluster = await startKafka({ properties: SHORT_WAITS, ...options });
  const given: SharedKafka = { bootstrapServers: cluster.bootstrapServers };
  return { given, stop: () => cluster.stop() };
}

function byEndpoint(server: Pick<HttpServer, 'url' | 'stop'>): SharedServer {
  return { given: { endpoint: server.url }, stop: () => server.stop() };
}

export type SharedName = keyof typeof SHARED_SERVERS;
