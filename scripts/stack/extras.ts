import { AZURE_ACCOUNT, fetchAzure, startAzure } from './azure.ts';
import { fetchGcs, startGcs } from './gcs.ts';
import type { HttpServer } from './http-server.ts';
import { checkBackwardCompatibility, fetchRegistry, startRegistry } from './registry.ts';
import { fetchS3, startS3 } from './s3.ts';
import { fetchSftp, startSftp } from './sftp.ts';
import { fetchSqs, startSqs } from './sqs.ts';
import { fetchVault, startVault, VAULT_ROOT_TOKEN } from './vault.ts';

/** A server beside Kafka that `stack up` has started. */
export interface ExtraServer {
  readonly address: string;
  readonly login?: Login;
  /** What `down` ends. */
  readonly server: Pick<HttpServer, 'pid' | 'folder' | 'stop' | 'release'>;
}

/** What a client needs beside the address. */
export type Login = Readonly<Record<string, string>>;

/** A kind of server that `stack up` can start beside Kafka. */
export interface Extra {
  /** What its address is called in what `up --json` prints. */
  readonly addressKey: string;
  /** Fetches what `start` needs, once. */
  fetch(): Promise<unknown>;
  /** Starts it without containers. */
  start(): Promise<ExtraServer>;
  /** Of the service in docker-compose.yml. */
  readonly docker: {
    readonly address: string;
    readonly login?: Login;
    /** What must still be done once it runs. */
    finish?(address: string): Promise<void>;
  };
}

const SFTP_USER = { user: 'headrace', password: 'headrace' } as const;

const AZURE_LOGIN: Login = { account: AZURE_ACCOUNT.name, key: AZURE_ACCOUNT.key };

const VAULT_LOGIN: Login = { token: VAULT_ROOT_TOKEN };

/* The ports of docker-compose.yml, so that the same addresses serve with either engine where they are free. */
const PORT = {
  ...{ registry: 8081, s3: 9090, sftp: 2222, gcs: 4443, azure: 10000, sqs: 9324 },
  vault: 8200,
} as const;

/** By the name of the flag and of the service in docker-compose.yml. */
export const EXTRAS = {
  registry: {
    addressKey: 'registryUrl',
    fetch: fetchRegistry,
    start: async () => byUrl(await startRegistry(PORT.registry)),
    docker: {
      address: `http://localhost:${PORT.registry}/apis/ccompat/v7`,
      finish: checkBackwardCompatibility,
    },
  },
  s3: {
    addressKey: 's3Endpoint',
    fetch: fetchS3,
    start: async () => byUrl(await startS3(PORT.s3)),
    docker: { address: `http://localhost:${PORT.s3}` },
  },
  sftp: {
    addressKey: 'sftpUrl',
    fetch: fetchSftp,
    start: startSftpForOneUser,
    docker: { address: sftpUrl(PORT.sftp), login: { ...SFTP_USER, files: '/upload' } },
  },
  gcs: {
    addressKey: 'gcsEndpoint',
    fetch: fetchGcs,
    start: async () => byUrl(await startGcs(PORT.gcs)),
    docker: { address: `http://localhost:${PORT.gcs}` },
  },
  azure: {
    addressKey: 'azureEndpoint',
    fetch: fetchAzure,
    start: async () => byUrl(await startAzure(PORT.azure), AZURE_LOGIN),
    docker: { address: `http://localhost:${PORT.azure}/${AZURE_ACCOUNT.name}`, login: AZURE_LOGIN },
  },
  sqs: {
    addressKey: 'sqsEndpoint',
    fetch: fetchSqs,
    start: async () => byUrl(await startSqs(PORT.sqs)),
    docker: { address: `http://localhost:${PORT.sqs}` },
  },
  vault: {
    addressKey: 'vaultAddress',
    fetch: fetchVault,
    start: async () => byUrl(await startVault(PORT.vault), VAULT_LOGIN),
    docker: { address: `http://localhost:${PORT.vault}`, login: VAULT_LOGIN },
  },
} as const satisfies Record<string, Extra>;

export type ExtraName = keyof typeof EXTRAS;

export const EXTRA_NAMES = Object.keys(EXTRAS) as readonly ExtraName[];

function byUrl(server: HttpServer, login?: Login): ExtraServer {
  return { server, address: server.url, ...(login && { login }) };
}

async function startSftpForOneUser(): Promise<ExtraServer> {
  const { user: name, password } = SFTP_USER;
  const server = await startSftp({ users: [{ name, password }], preferredPort: PORT.sftp });
  const { root: files, knownHostsLine: knownHosts } = server;
  return { server, address: sftpUrl(server.port), login: { ...SFTP_USER, files, knownHosts } };
}

function sftpUrl(port: number): string {
  return `sftp://${SFTP_USER.user}@127.0.0.1:${port}`;
}
