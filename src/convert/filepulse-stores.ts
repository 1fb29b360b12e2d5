import { type KeyRule, type KeyScope, lost, needless, renamed } from './key-rule.ts';

/** A place that FilePulse lists files of, and the connector that watches it here. */
interface FileStore {
  readonly connector: string;
  readonly keys: readonly KeyRule[];
}

const RETRIES = 'what may pass is tried again, with waits that grow';

const S3_KEYS: readonly KeyRule[] = [
  renamed('aws.access.key.id', 's3.access.key.id'),
  renamed('aws.secret.access.key', 's3.secret.access.key'),
  ...lost(
    ['aws.secret.session.token'],
    'have the AWS SDK find it: leave both keys out, and set AWS_SESSION_TOKEN beside them in the environment',
  ),
  ...lost(
    ['aws.credentials.provider.class'],
    'nothing of Java is loaded: the AWS SDK looks for a role, a profile and the environment',
  ),
  renamed('aws.s3.region', 's3.region'),
  renamed('aws.s3.service.endpoint', 's3.endpoint'),
  renamed('aws.s3.path.style.access.enabled', 's3.path.style'),
  renamed('aws.s3.bucket.name', 's3.bucket'),
  prefixKey('aws.s3.bucket.prefix', 's3.prefix'),
  ...lost(
    ['aws.s3.default.object.storage.class'],
    'objects that are moved have the class that the bucket gives them',
  ),
  ...needless(
    ['aws.s3.backoff.delay.ms', 'aws.s3.backoff.max.delay.ms', 'aws.s3.backoff.max.retries'],
    RETRIES,
  ),
  ...needless(['fs.s3.transfer.'], 'objects are copied in the way that their size needs'),
];

const GCS_KEYS: readonly KeyRule[] = [
  renamed('gcs.credentials.path', 'gcs.credentials.file'),
  ...lost(['gcs.credentials.json'], 'write it to a file, and name that in gcs.credentials.file'),
  renamed('gcs.bucket.name', 'gcs.bucket'),
  prefixKey('gcs.blobs.filter.prefix', 'gcs.prefix'),
];

const AZURE_KEYS: readonly KeyRule[] = [
  renamed('azure.storage.connection.string', 'azure.connection.string'),
  renamed('azure.storage.account.name', 'azure.account'),
  renamed('azure.storage.account.key', 'azure.account.key'),
  renamed('azure.storage.container.name', 'azure.container'),
  prefixKey('azure.storage.blob.prefix', 'azure.prefix'),
];

const SFTP_KEYS: readonly KeyRule[] = [
  renamed('sftp.listing.host', 'sftp.host'),
  renamed('sftp.listing.port', 'sftp.port'),
  renamed('sftp.listing.user', 'sftp.user'),
  renamed('sftp.listing.password', 'sftp.password'),
  renamed('sftp.listing.directory.path', 'input.path'),
  ...lost(
    ['sftp.listing.strict.host.key.check'],
    "the server's key is always checked: ssh-keyscan HOST, and the line in the file of sftp.known.hosts",
  ),
  ...needless(
    ['sftp.connection.timeout', 'sftp.connection.retries', 'sftp.connection.retries.delay'],
    RETRIES,
  ),
];

const LOCAL_KEYS: readonly KeyRule[] = [
  renamed('fs.listing.directory.path', 'input.path'),
  ...needless(
    ['fs.delete.compress.files.enabled'],
    'compressed files are read as they are, and nothing is unpacked beside them',
  ),
];

/** By the names of FilePulse's classes. */
export const FILEPULSE_STORES: Readonly<Record<string, FileStore>> = {
  LocalFSDirectoryListing: { connector: 'directory', keys: LOCAL_KEYS },
  AmazonS3FileSystemListing: { connector: 's3', keys: S3_KEYS },
  GcsFileSystemListing: { connector: 'gcs', keys: GCS_KEYS },
  AzureBlobStorageFileSystemListing: { connector: 'azure-blob', keys: AZURE_KEYS },
  SftpFilesystemListing: { connector: 'sftp', keys: SFTP_KEYS },
};

/** A prefix is a folder here: one that ends in the middle of a name has no equal. */
function prefixKey(key: string, name: string): KeyRule {
  return {
    key,
    becomes: `\`${name}\`, which is a folder`,
    convert: (value, scope) => setPrefix(value, name, scope),
  };
}

function setPrefix(value: string, name: string, scope: KeyScope): void {
  scope.set(name, value.replace(/\/$/, ''));
  if (!value.endsWith('/'))
    scope.lost(
      `${name} is a folder, ${value}/ here: for other names that begin with it set a pattern with a slash in input.file.pattern`,
    );
}
