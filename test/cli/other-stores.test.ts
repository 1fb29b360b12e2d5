import { rename } from 'node:fs/promises';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { fileWith } from '../connectors/sftp/support.ts';
import { AZURE_ACCOUNT, azureConnectionString, newAzureContainer, sharedAzure } from '../support/azure.ts';
import { gcsServes, newGcsBucket, sharedGcs } from '../support/gcs.ts';
import { newSftpFolder, sharedSftp } from '../support/sftp.ts';
import { folderOf, type TestStore } from '../support/test-store.ts';
import { newFeed } from './support/loaded-feed.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

type Options = Readonly<Record<string, string | null>>;

/** A feed's place: what names it, and what a command says where that is wrong. */
interface Place {
  readonly files: TestStore;
  readonly options: Options;
  readonly url: string;
  readonly key: string;
  readonly missing: readonly [options: Options, said: string];
  readonly refused: readonly [options: Options, said: string];
}

async function sftpPlace(): Promise<Place> {
  const { host, port, user, password, knownHostsLine } = await sharedSftp();
  const files = await newSftpFolder();
  const options = {
    'connector.class': 'sftp',
    'input.path': files.path,
    'sftp.host': host,
    'sftp.port': String(port),
    'sftp.user': user,
    'sftp.password': password,
    'sftp.known.hosts': await fileWith(`${knownHostsLine}\n`),
  };
  return {
    ...{ files, options, url: `sftp://${user}@${host}:${port}${files.path}`, key: 'sftp.host' },
    missing: [
      { 'input.path': '/none' },
      'check the path as the server shows it to sftp.user, or make the folder',
    ],
    refused: [{ 'sftp.password': 'wrong', 'input.path': '/other' }, 'check sftp.user and sftp.password'],
  };
}

async function gcsPlace(): Promise<Place> {
  const bucket = await newGcsBucket();
  const options = {
    'connector.class': 'gcs',
    'gcs.bucket': bucket.name,
    'gcs.prefix': 'in',
    'gcs.endpoint': bucket.endpoint,
  };
  return {
    ...{ files: folderOf(bucket, 'in'), options, url: `gs://${bucket.name}/in`, key: 'gcs.bucket' },
    missing: [{ 'gcs.bucket': 'none-here' }, 'check gcs.bucket ("none-here")'],
    // The server itself asks for none.
    refused: [
      { 'gcs.credentials.file': './worker.yaml', 'gcs.prefix': 'other' },
      'check gcs.credentials.file',
    ],
  };
}

async function azurePlace(): Promise<Place> {
  const container = await newAzureContainer();
  const login = azureConnectionString(container.endpoint);
  const options = {
    'connector.class': 'azure-blob',
    'azure.container': container.name,
    'azure.prefix': 'in',
    'azure.connection.string': login,
  };
  const wrong = login.replace(AZURE_ACCOUNT.key, Buffer.from('wrong').toString('base64'));
  return {
    ...{
      files: folderOf(container, 'in'),
      options,
      url: `az://${container.name}/in`,
      key: 'azure.container',
    },
    missing: [{ 'azure.container': 'none-here' }, 'check azure.container ("none-here")'],
    refused: [
      { 'azure.connection.string': wrong, 'azure.prefix': 'other' },
      'see that the key, token or identity is right',
    ],
  };
}

/** Of feeds that watch a folder of this machine. */
const NO_FOLDER = { 'input.path': null, 'settle.ms': null, 'finished.path': null };

const KINDS = [
  ['sftp', sharedSftp, sftpPlace],
  ...((await gcsServes()) ? [['gcs', sharedGcs, gcsPlace] as const] : []),
  ['azure-blob', sharedAzure, azurePlace],
] as const;

describe.each(KINDS)('of a feed on %s', (_, start, newPlace) => {
  beforeAll(start);

  test('doctor lists the place and preview shows its first file, and both say what is missing or refused', async () => {
    const { files, options, url, key, missing, refused } = await newPlace();
    await files.put('a.csv', 'symbol,price\nBHP,1\nCBA,2\n');
    const feed = await newFeed();
    // Doctor looks at them together, and no two may take the same files.
    for (const [file, more] of Object.entries({ 'missing.yaml': missing[0], 'refused.yaml': refused[0] })) {
      await feed.folder.feed({ ...NO_FOLDER, ...options, ...more, name: file });
      await rename(feed.folder.at('feed.yaml'), feed.folder.at(file));
    }
    await feed.folder.feed({ ...NO_FOLDER, ...options });
    const named = ['feed.yaml', 'missing.yaml', 'refused.yaml'];
    const [doctor, right, absent] = await Promise.all([
      feed.run('doctor', ...named, '--worker', 'worker.yaml'),
      feed.run('preview', 'feed.yaml'),
      feed.run('preview', 'missing.yaml'),
    ]);
    expect(doctor.stdout).toContain(`✓ ${key}: ${url}/ can be listed\n`);
    expect(doctor.stdout).toContain(`✓ input.file.pattern: ${url}/a.csv can be read, 25 B\n`);
    const wrong = doctor.stdout.split('\n').filter((line) => line.includes('✗'));
    expect(wrong).toEqual([expect.stringContaining(missing[1]), expect.stringContaining(refused[1])]);
    expect(doctor.code).toBe(2);
    expect(right).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining(`${url}/a.csv through `),
    });
    expect(right.stdout).toContain('all 2 rows: 2 would be sent');
    expect(absent).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(missing[1]) });
  });
});
