import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ROOT } from '../docs/markdown.ts';
import { LoadFolder, quotes } from '../load/support.ts';
import type { SharedGuardedKafka } from '../support/guarded-kafka.ts';
import { sharedServer } from '../support/stack.ts';
import { headrace } from './support/run-command.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

/** As it is where nobody has installed more than Headrace: what is published, and its dependencies. */
let installed: string;

beforeAll(async () => {
  installed = await mkdtemp(join(tmpdir(), 'headrace-installed-'));
  const published = join(installed, 'node_modules/headrace');
  await mkdir(published, { recursive: true });
  for (const part of ['dist', 'package.json'])
    await cp(join(ROOT, part), join(published, part), { recursive: true });
  const { dependencies } = JSON.parse(await readFile(join(published, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    const link = join(installed, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(ROOT, 'node_modules', name), link);
  }
});

afterAll(() => rm(installed, { recursive: true, force: true }));

test.each([
  ['s3://bucket/a.csv', 's3://bucket/ needs the package @aws-sdk/client-s3', '@aws-sdk/client-s3'],
  ['gs://bucket/a.csv', 'gs://bucket/ needs the package @google-cloud/storage', '@google-cloud/storage'],
  ['az://container/a.csv', 'az://container/ needs the package @azure/storage-blob', '@azure/storage-blob'],
  ['sftp://host/a.csv', 'connector.class: sftp needs the package ssh2', 'ssh2'],
])('without its package %s is one line with the command that installs it', async (url, needs, name) => {
  const command = join(installed, 'node_modules/headrace/dist/src/cli/main.js');
  const env = { AZURE_STORAGE_ACCOUNT: 'account' };
  for (const args of [
    ['load', url, '--topic', 't', '--bootstrap-server', '127.0.0.1:1'],
    ['preview', url],
  ]) {
    const { code, stdout, stderr } = await headrace(args, { cwd: installed, env, command });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(`${needs}, which is not installed: npm install ${name}\n`);
  }
});

test('without its package a worker that logs in to Amazon MSK says so in one line', async () => {
  const { address } = await sharedServer<SharedGuardedKafka>('guardedKafka');
  const env = {
    HEADRACE_BOOTSTRAP_SERVERS: address.LOGIN,
    HEADRACE_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    HEADRACE_SASL_MECHANISM: 'AWS_MSK_IAM',
    AWS_REGION: 'eu-west-1',
  };
  const command = join(installed, 'node_modules/headrace/dist/src/cli/main.js');
  const { stdout } = await headrace(['doctor'], { cwd: installed, env, command });
  expect(stdout).toContain(
    ': sasl.mechanism: AWS_MSK_IAM needs the package aws-msk-iam-sasl-signer-js, which is not installed: npm install aws-msk-iam-sasl-signer-js\n',
  );
});

test('a load of files on this machine loads none of them', async () => {
  const folder = await LoadFolder.make();
  await folder.write('a.csv', quotes(3));
  const hook = await folder.write('hook.mjs', TELL_LOADED);
  const env = { NODE_OPTIONS: `--import ${hook}`, LOADED: folder.at('loaded.txt') };
  const { code } = await folder.run(['a.csv', '--topic', folder.topic, '--dlq', 'bad.csv'], env);
  expect(code).toBe(0);
  const loaded = (await readFile(folder.at('loaded.txt'), 'utf8')).split('\n');
  expect(loaded.some((url) => url.includes('/node_modules/kafkajs/') || url.includes('/dist/'))).toBe(true);
  const sdks = /node_modules\/(?:@aws-sdk|@google-cloud|@azure|ssh2)\//;
  expect(loaded.filter((url) => sdks.test(url))).toEqual([]);
});

/** Writes down every module that is asked for, in whichever thread. */
const TELL_LOADED = `
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    appendFileSync(process.env.LOADED, resolved.url + '\\n');
    return resolved;
  },
});
`;
