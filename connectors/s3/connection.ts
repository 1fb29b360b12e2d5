import type { S3, S3ClientConfig } from '@aws-sdk/client-s3';
import type { ConfigProblem, ConfigValues, PluginLog } from '../../src/plugin/index.ts';
import { defineConfig } from '../../src/plugin/index.ts';
import { loadSdk } from '../../src/values/load-sdk.ts';
import type { FileStore } from '../files/file-store.ts';
import type { S3Place } from './s3-place.ts';

const CONNECT_MS = 10_000;
/** From a request to its answer's first line. */
const ANSWER_MS = 30_000;
/** Without a byte, of an answer that is no object; those are looked after by whoever reads them. */
const SILENCE_MS = 60_000;

/** How S3, or a server that speaks like it, is reached. Nothing of it is needed on AWS. */
export const s3Connection = defineConfig({
  s3Endpoint: {
    doc: 'Address of a server that is compatible with S3, or of a VPC endpoint, as http(s)://host:port. Not set: AWS.',
    format: 'url',
    default: null,
  },
  s3Region: {
    doc: 'Region of the bucket. Not set: AWS_REGION, the profile, or the machine; with s3.endpoint us-east-1.',
    format: 'string',
    default: null,
  },
  s3PathStyle: {
    doc: 'Put the bucket into the path and not before the host, as most compatible servers want it.',
    format: 'boolean',
    default: false,
  },
  s3AccessKeyId: {
    doc:
      'Access key, with s3.secret.access.key. Not set, which is better: what the AWS SDK finds, which is the role of the ' +
      'machine, container or pod, a profile, or AWS_ACCESS_KEY_ID.',
    format: 'string',
    default: null,
  },
  s3SecretAccessKey: {
    doc: 'Secret of s3.access.key.id; best taken from the environment or a file.',
    format: 'string',
    default: null,
    sensitive: true,
  },
  s3RoleArn: {
    doc: 'Role to assume for the bucket, with the credentials that were found.',
    format: 'string',
    default: null,
  },
  s3RoleExternalId: {
    doc: 'External id that the role asks for.',
    format: 'string',
    default: null,
  },
  s3RequesterPays: {
    doc: 'Pay for the requests to a bucket whose owner has it so.',
    format: 'boolean',
    default: false,
  },
});

export type S3Connection = ConfigValues<typeof s3Connection>;

/** Mistakes in how S3 is to be reached. */
export function* checkS3Connection(values: S3Connection): Generator<ConfigProblem> {
  const { s3AccessKeyId: id, s3SecretAccessKey: secret } = values;
  if (id !== null && secret === null)
    yield { key: 's3.access.key.id', message: 'is set without s3.secret.access.key; set both, or neither' };
  if (id === null && secret !== null)
    yield { key: 's3.secret.access.key', message: 'is set without s3.access.key.id; set both, or neither' };
  if (values.s3RoleExternalId !== null && values.s3RoleArn === null)
    yield {
      key: 's3.role.external.id',
      message: 'is set without s3.role.arn; set the role, or leave it out',
    };
}

/**
 * Opens a bucket, by the SDK that is loaded for it. Nothing is asked of S3 yet.
 *
 * @param wantedBy what names the bucket, for messages, as in `connector.class: s3`
 * @throws HeadraceError CONFIG_INVALID when the SDK is not installed
 */
export async function openS3(
  values: S3Connection,
  place: S3Place,
  { log, wantedBy }: { readonly log: PluginLog; readonly wantedBy: string },
): Promise<FileStore> {
  const sdk = await loadSdk('@aws-sdk/client-s3', wantedBy, () => import('@aws-sdk/client-s3'));
  const credentials = await credentialsOf(values);
  const [{ S3Calls }, { S3Store }] = await Promise.all([import('./s3-calls.ts'), import('./s3-store.ts')]);
  const connect = (): S3 => new sdk.S3({ ...clientConfig(values), ...credentials() });
  const calls = new S3Calls({ connect, log, bucket: place.bucket, endpoint: values.s3Endpoint });
  return new S3Store({ ...place, calls, requesterPays: values.s3RequesterPays, log });
}

/** null: what the SDK finds. A server that is not AWS mostly has no regions. */
export function regionOf({ s3Endpoint, s3Region }: S3Connection): string | null {
  return s3Region ?? (s3Endpoint === null ? null : (process.env.AWS_REGION ?? 'us-east-1'));
}

function clientConfig(values: S3Connection): S3ClientConfig {
  const { s3Endpoint, s3PathStyle } = values;
  const region = regionOf(values);
  return {
    ...(s3Endpoint === null ? {} : { endpoint: s3Endpoint }),
    ...(region === null ? {} : { region }),
    forcePathStyle: s3PathStyle,
    // What is tried again is decided by S3Calls alone.
    maxAttempts: 1,
    // Compatible servers do not know the checksums that the SDK asks for and sends by itself.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: ANSWER_MS,
      throwOnRequestTimeout: true,
      socketTimeout: SILENCE_MS,
    },
  };
}

/** What a client is to have in place of what the SDK finds by itself; made anew for each client. */
export async function credentialsOf(
  values: S3Connection,
): Promise<() => Pick<S3ClientConfig, 'credentials'>> {
  const { s3AccessKeyId, s3SecretAccessKey, s3RoleArn, s3RoleExternalId, s3Region } = values;
  const given =
    s3AccessKeyId === null || s3SecretAccessKey === null
      ? null
      : { accessKeyId: s3AccessKeyId, secretAccessKey: s3SecretAccessKey };
  if (s3RoleArn === null) return () => (given === null ? {} : { credentials: given });
  const { fromTemporaryCredentials } = await loadSdk(
    '@aws-sdk/credential-providers',
    's3.role.arn',
    () => import('@aws-sdk/credential-providers'),
  );
  const ExternalId = s3RoleExternalId ?? undefined;
  return () => ({
    credentials: fromTemporaryCredentials({
      ...(given === null ? {} : { masterCredentials: given }),
      params: { RoleArn: s3RoleArn, RoleSessionName: 'headrace', ExternalId },
      ...(s3Region === null ? {} : { clientConfig: { region: s3Region } }),
    }),
  });
}
