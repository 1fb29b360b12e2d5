import ssh2 from 'ssh2';
import { startKafka } from '../../scripts/stack/kafka.ts';
import { startS3 } from '../../scripts/stack/s3.ts';
import { startSftp } from '../../scripts/stack/sftp.ts';
import type { SharedS3 } from './s3.ts';
import type { SharedSftp } from './sftp.ts';
import type { SharedKafka } from './stack.ts';

/** A server that runs for all test files. */
export interface SharedServer {
  /** What the test files are told of it; goes as JSON. */
  readonly given: object;
  stop(): Promise<void>;
}

/** How each is started. */
export const SHARED_SERVERS = {
  kafka: async () => {
    const cluster = await startKafka();
    const given: SharedKafka = { bootstrapServers: cluster.bootstrapServers };
    return { given, stop: () => cluster.stop() };
  },
  s3: async () => {
    const server = await startS3();
    const given: SharedS3 = { endpoint: server.url };
    return { given, stop: () => server.stop() };
  },
  sftp: async () => {
    const { private: privateKey, public: publicKey } = ssh2.utils.generateKeyPairSync('ed25519');
    const login = { user: 'alice', password: "alice's password" };
    const server = await startSftp({
      users: [{ name: login.user, password: login.password, publicKeys: [publicKey] }],
    });
    const { host, port, root, knownHostsLine } = server;
    const given: SharedSftp = { ...login, host, port, root, knownHostsLine, privateKey };
    return { given, stop: () => server.stop() };
  },
} as const satisfies Record<string, () => Promise<SharedServer>>;

export type SharedName = keyof typeof SHARED_SERVERS;
