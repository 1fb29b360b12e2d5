import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AzureContainer,
  azureConnectionString,
  newAzureContainer,
  type SharedAzure,
} from '../../support/azure.ts';
import { FaultProxy } from '../../support/fault-proxy.ts';
import { newGcsBucket, type SharedGcs } from '../../support/gcs.ts';
import { newS3Bucket, type SharedS3 } from '../../support/s3.ts';
import { newSftpFolder, type SftpFolder, type SharedSftp } from '../../support/sftp.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import type { TestStore } from '../../support/test-store.ts';
import type { Lines } from '../feed-lines.ts';
import type { Ground } from '../ground.ts';

/** The stores that speak HTTP, whose requests can meet faults one by one. */
export const BUCKETS = ['s3', 'gcs', 'azure'] as const;
export const STORES = [...BUCKETS, 'sftp'] as const;

export type BucketKind = (typeof BUCKETS)[number];
export type StoreKind = (typeof STORES)[number];

/** A place on a server of which a feed loads what is below `drop`, through proxies. */
export interface RemotePlace {
  readonly kind: StoreKind;
  /** Lines of a feed that watches it. Delivered files stay. */
  readonly feed: Lines;
  /** The lines that have delivered files moved below `done`. */
  readonly finished: Lines;
  /** Of the daemon's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** All of it, behind the proxies. */
  readonly store: TestStore;
  /** The network on the way there. */
  readonly network: TcpProxy;
  close(): void;
}

export interface BucketPlace extends RemotePlace {
  readonly kind: BucketKind;
  /** Requests on the way there. */
  readonly http: FaultProxy;
}

export interface SftpPlace extends RemotePlace {
  readonly kind: 'sftp';
  readonly store: SftpFolder;
}

/** Without a pause that anybody would notice. */
const SCAN = { 'scan.interval.ms': 200 };

interface Bucket {
  readonly store: TestStore;
  readonly endpoint: string;
  readonly env?: Readonly<Record<string, string>>;
  /** @param endpoint of the proxy */
  feed(endpoint: string): Lines;
}

const BUCKET_OF: Readonly<Record<BucketKind, (ground: Ground) => Promise<Bucket>>> = {
  async s3({ server, name }) {
    const bucket = await newS3Bucket(name, await server<SharedS3>('s3'));
    return {
      store: bucket,
      endpoint: bucket.endpoint,
      env: { AWS_ACCESS_KEY_ID: 'tests', AWS_SECRET_ACCESS_KEY: 'any' },
      feed: (endpoint) => ({
        'connector.class': 's3',
        's3.bucket': bucket.name,
        's3.prefix': 'drop',
        's3.region': 'us-east-1',
        's3.endpoint': endpoint,
        's3.path.style': true,
      }),
    };
  },
  async gcs({ server, name }) {
    const bucket = await newGcsBucket(name, await server<SharedGcs>('gcs'));
    return {
      store: bucket,
      endpoint: bucket.endpoint,
      feed: (endpoint) => ({
        'connector.class': 'gcs',
        'gcs.bucket': bucket.name,
        'gcs.prefix': 'drop',
        'gcs.endpoint': endpoint,
      }),
    };
  },
  async azure({ server, name }) {
    const container: AzureContainer = await newAzureContainer(name, await server<SharedAzure>('azure'));
    return {
      store: container,
      endpoint: container.endpoint,
      feed: (endpoint) => ({
        'connector.class': 'azure-blob',
        'azure.container': container.name,
        'azure.prefix': 'drop',
        'azure.connection.string': azureConnectionString(endpoint),
      }),
    };
  },
};

/** A new, empty bucket or container. */
export async function bucketPlace(kind: BucketKind, ground: Ground): Promise<BucketPlace> {
  const { store, endpoint, env = {}, feed } = await BUCKET_OF[kind](ground);
  const http = await FaultProxy.before(endpoint);
  const before = new URL(http.url);
  const network = await TcpProxy.before(Number(before.port));
  const url = `http://127.0.0.1:${network.port}${before.pathname.replace(/\/$/, '')}`;
  return {
    kind,
    feed: { ...feed(url), ...SCAN },
    finished: { 'finished.path': 'done' },
    env,
    store,
    network,
    http,
    close() {
      network.close();
      http.close();
    },
  };
}

/** A new folder on the shared server, or on another one. */
export async function sftpPlace(ground: Ground, server?: SharedSftp): Promise<SftpPlace> {
  const sftp = server ?? (await ground.server<SharedSftp>('sftp'));
  const store = await newSftpFolder(ground.name, sftp);
  const network = await TcpProxy.before(sftp.port);
  const knownHosts = join(ground.folder, 'known_hosts');
  await writeFile(knownHosts, `[127.0.0.1]:${network.port} ${sftp.hostKey}\n`);
  await store.put('drop/.keep', '');
  return {
    kind: 'sftp',
    feed: {
      'connector.class': 'sftp',
      'sftp.host': '127.0.0.1',
      'sftp.port': network.port,
      'sftp.user': sftp.user,
      'sftp.password': sftp.password,
      'sftp.known.hosts': knownHosts,
      'input.path': `${store.path}/drop`,
      ...SCAN,
    },
    finished: { 'finished.path': `${store.path}/done` },
    env: {},
    store,
    network,
    close: () => network.close(),
  };
}

export function remotePlace(kind: StoreKind, ground: Ground): Promise<RemotePlace> {
  return kind === 'sftp' ? sftpPlace(ground) : bucketPlace(kind, ground);
}
