import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newAuthority } from '../../support/certificates.ts';
import { inProcess } from './in-process.ts';
import { OF_ITSELF, type RecordedAnswer, recordedWorker } from './recorded-worker.ts';

const folder = mkdtempSync(join(tmpdir(), 'headrace-remote-'));
writeFileSync(
  join(folder, 'feed.yaml'),
  'name: trades\nconnector.class: directory\ninput:\n  path: $DROP\ntasks.max: 2\n',
);
writeFileSync(join(folder, 'hidden.yaml'), 'name: trades\nazure.account.key: "[hidden]"\n');
const PARTITION = { file: 'a.csv', generation: '00c0ffee' };
const OFFSET = { position: 33, row: 3, line: 4, head: 13, produced: 2, filtered: 0, rejected: 1, eof: true };
const NOT_FOUND = { status: 404, body: { error_code: 404, message: 'HTTP 404 Not Found' } };
const OFFSETS = { offsets: [{ partition: PARTITION, offset: OFFSET }] };
writeFileSync(join(folder, 'offsets.json'), JSON.stringify(OFFSETS));

const STATUS = {
  name: 'a/b c',
  connector: { state: 'RUNNING', worker_id: '127.0.0.1:18084', version: '4.3.1' },
  tasks: [
    { id: 0, state: 'RESTARTING', worker_id: '127.0.0.1:18084', version: '4.3.1', trace: 'X: it broke' },
  ],
  type: 'source',
};
const INFO = {
  name: 'a/b c',
  config: { 'connector.class': 'directory', name: 'a/b c' },
  tasks: [],
  type: 'source',
};
const FILES = [
  ['a.csv', 'COMPLETED', 2_000_000, null],
  ['b.csv', 'FAILED', 0, 'b.csv: is cut short'],
].map(([file, state, position, error]) => ({
  ...{ file, task: 0, state, position, size: 2_000_000, error },
  rows: { read: 1000, produced: 1000, filtered: 0, rejected: 0 },
  ...{ target: null, generation: '00c0ffee', discovered: null, started: null, finished: null },
  changed: '2026-01-05T10:16:02.123Z',
}));
const AT = '/connectors/a%2Fb%20c';

interface Case {
  readonly line: string;
  readonly answers: Readonly<Record<string, RecordedAnswer>>;
  readonly said: string | RegExp;
  readonly sent?: unknown;
}

const changes = (message: string) => ({ status: 200, body: { message } });

const CASES: readonly Case[] = [
  {
    line: 'connectors',
    answers: {
      'GET /connectors?expand=info&expand=status': {
        status: 200,
        body: { 'a/b c': { info: INFO, status: STATUS } },
      },
    },
    said: 'connector  class      state    tasks\na/b c      directory  RUNNING  1 RESTARTING\n',
  },
  { line: 'pause NAME', answers: { [`PUT ${AT}/pause`]: { status: 202 } }, said: 'a/b c: told to pause\n' },
  {
    line: 'resume NAME',
    answers: { [`PUT ${AT}/resume`]: { status: 202 } },
    said: 'a/b c: told to resume\n',
  },
  { line: 'stop NAME', answers: { [`PUT ${AT}/stop`]: { status: 204 } }, said: 'a/b c: told to stop\n' },
  {
    line: 'restart NAME',
    answers: { [`POST ${AT}/restart?includeTasks=false&onlyFailed=false`]: { status: 204 } },
    said: 'a/b c: told to restart\n',
  },
  {
    line: 'restart NAME --include-tasks --only-failed',
    answers: { [`POST ${AT}/restart?includeTasks=true&onlyFailed=true`]: { status: 202, body: STATUS } },
    said: /^connector +task +state +reason\na\/b c +RUNNING\na\/b c +0 +RESTARTING +X: it broke\n$/,
  },
  {
    line: 'restart NAME --task 0',
    answers: { [`POST ${AT}/tasks/0/restart`]: { status: 204 } },
    said: 'a/b c, task 0: told to restart\n',
  },
  { line: 'delete NAME --yes', answers: { [`DELETE ${AT}`]: { status: 204 } }, said: /^a\/b c: deleted; / },
  {
    line: 'config NAME',
    answers: {
      [`GET ${AT}/config`]: { status: 200, body: { name: 'a/b c', 'connector.class': 'directory' } },
    },
    said: 'key              value\nconnector.class  directory\nname             a/b c\n',
  },
  {
    line: 'config NAME --set tasks.max=2 metrics.labels.a=b=c --unset error.path',
    answers: { [`PATCH ${AT}/config`]: { status: 200, body: INFO } },
    sent: { 'tasks.max': '2', 'metrics.labels.a': 'b=c', 'error.path': null },
    said: 'a/b c: changed\n',
  },
  {
    line: 'config NAME --file feed.yaml',
    answers: { [`PUT ${AT}/config`]: { status: 201, body: INFO } },
    sent: { name: 'trades', 'connector.class': 'directory', 'input.path': '$DROP', 'tasks.max': '2' },
    said: 'a/b c: made\n',
  },
  {
    line: 'files list NAME',
    // A worker that knows of no expected files, as Kafka Connect's.
    answers: { [`GET ${AT}/files`]: { status: 200, body: FILES }, 'GET /expectations': NOT_FOUND },
    said: /\nb\.csv +0 +FAILED +0 B +2\.00 MB +1,000 +1,000 +0 +0 +2026-01-05T10:16:02Z +b\.csv: is cut short\n$/,
  },
  {
    line: 'files NAME --state COMPLETED SKIPPED --json',
    answers: { [`GET ${AT}/files`]: { status: 200, body: FILES } },
    said: `${JSON.stringify({ connector: 'a/b c', files: FILES.slice(0, 1) })}\n`,
  },
  {
    line: 'files show NAME b.csv',
    answers: { [`GET ${AT}/files`]: { status: 200, body: FILES } },
    said: /^file: +b\.csv\nstate: +FAILED\nreason: +b\.csv: is cut short\ntask: +0\ndelivered: +0 B, of 2\.00 MB on disk\n/,
  },
  {
    line: 'files retry NAME b.csv',
    answers: { [`POST ${AT}/files/retry`]: { status: 202, body: { files: ['b.csv'], tasks: [0] } } },
    sent: { files: ['b.csv'] },
    said: 'a/b c: 1 file and 1 task tried again\n',
  },
  {
    line: 'files retry NAME',
    answers: { [`POST ${AT}/files/retry`]: { status: 202, body: { files: [], tasks: [] } } },
    sent: {},
    said: 'a/b c: nothing is FAILED\n',
  },
  {
    line: 'files forget NAME a.csv',
    answers: {
      [`GET ${AT}/files`]: { status: 200, body: FILES },
      [`GET ${AT}/offsets`]: { status: 200, body: OFFSETS },
      [`PATCH ${AT}/offsets`]: changes('The offsets for this connector have been altered successfully'),
    },
    sent: { offsets: [{ partition: PARTITION, offset: null }] },
    said: 'a/b c: 1 file forgotten\n',
  },
  {
    line: 'offsets show NAME',
    answers: { [`GET ${AT}/offsets`]: { status: 200, body: OFFSETS } },
    said: /\na\.csv +delivered +33 +4 +3 +2 +0 +1 +00c0ffee\n$/,
  },
  {
    line: 'offsets reset NAME',
    answers: {
      [`DELETE ${AT}/offsets`]: changes('The offsets for this connector have been reset successfully'),
    },
    said: 'a/b c: The offsets for this connector have been reset successfully\n',
  },
  {
    line: 'offsets reset NAME --file a.csv',
    answers: {
      [`GET ${AT}/offsets`]: { status: 200, body: OFFSETS },
      [`PATCH ${AT}/offsets`]: changes('The offsets for this connector have been altered successfully'),
    },
    sent: { offsets: [{ partition: PARTITION, offset: null }] },
    said: /altered successfully/,
  },
  {
    line: 'offsets alter NAME --json-file offsets.json',
    answers: {
      [`PATCH ${AT}/offsets`]: changes('The offsets for this connector have been altered successfully'),
    },
    sent: OFFSETS,
    said: /altered successfully/,
  },
];

/** The words of a line; NAME is one that a path cannot have as it is, and files are in the folder. */
const wordsOf = (line: string) =>
  line
    .split(' ')
    .map((word) => (word === 'NAME' ? 'a/b c' : /\.(?:yaml|json)$/.test(word) ? join(folder, word) : word));

const run = (line: string, url: string, env?: Readonly<Record<string, string>>) =>
  inProcess([...wordsOf(line), '--url', url], env);

describe("asks for what Kafka Connect's paths have:", () => {
  test.each(CASES)('headrace $line', async ({ line, answers, said, sent = null }) => {
    const worker = await recordedWorker(answers);
    const ran = await run(line, worker.url);
    expect(ran.stderr).toBe('');
    expect(ran.stdout).toEqual(typeof said === 'string' ? said : expect.stringMatching(said));
    expect(worker.asked.map((request) => request.line)).toEqual(Object.keys(answers));
    expect(worker.asked.at(-1)?.body).toEqual(sent);
    expect(ran.code).toBe(0);
  });
});

const LOGINS: readonly [line: string, env: Record<string, string>, header: string][] = [
  [
    'stop NAME --user ann',
    { HEADRACE_PASSWORD: 'p:1' },
    `Basic ${Buffer.from('ann:p:1').toString('base64')}`,
  ],
  ['stop NAME --token abc', { HEADRACE_TOKEN: 'not-this' }, 'Bearer abc'],
  ['stop NAME', { HEADRACE_TOKEN: 'abc' }, 'Bearer abc'],
];

const REFUSED: readonly [line: string, status: number, message: string, said: string, code: number][] = [
  ['stop NAME', 404, 'Unknown connector a/b c', 'Unknown connector a/b c', 2],
  [
    'delete NAME --yes',
    409,
    'its configuration is that of feed.yaml',
    'its configuration is that of feed.yaml',
    2,
  ],
  [
    'stop NAME',
    401,
    'expected a name',
    'expected a name; give --user NAME, --token TOKEN, or --cert FILE and --key FILE',
    2,
  ],
  ['stop NAME', 503, 'Kafka is away', 'Kafka is away', 4],
];

const MISTAKES: readonly [line: string, said: string][] = [
  ['delete NAME', '--yes: expected it where nobody can be asked; a/b c is kept'],
  ['config NAME --set tasks.max', '--set: expected key=value, got "tasks.max"'],
  [
    'config NAME --file feed.yaml --set a=b',
    '--file: expected it without --set and --unset, as it holds every key',
  ],
  [
    'config NAME --file hidden.yaml',
    'hidden.yaml:2: azure.account.key: expected the secret, got [hidden], which stands for',
  ],
  ['restart NAME --task 0 --only-failed', '--task: restarts one task whatever its state; leave out'],
  ['stop NAME --user ann', '--user: no password of ann; set HEADRACE_PASSWORD'],
  ['stop NAME --cacert none.pem', '--cacert: none.pem cannot be read: ENOENT'],
];

describe('says who asks, and tells why not:', () => {
  test.each(LOGINS)('headrace %s logs in', async (line, env, header) => {
    const worker = await recordedWorker({ [`PUT ${AT}/stop`]: { status: 204 } });
    expect(await run(line, worker.url, env)).toMatchObject({ code: 0, stderr: '' });
    expect(worker.asked[0]?.headers.authorization).toBe(header);
  });

  test.each(REFUSED)('headrace %s, answered %i "%s"', async (line, status, message, said, code) => {
    const answer = { status, body: { error_code: status, message } };
    const worker = await recordedWorker({ [`PUT ${AT}/stop`]: answer, [`DELETE ${AT}`]: answer });
    expect(await run(line, worker.url)).toEqual({ code, stdout: '', stderr: `${said}\n` });
  });

  test.each(MISTAKES)('headrace %s asks nobody', async (line, said) => {
    const worker = await recordedWorker({});
    const ran = await run(line, worker.url);
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(said) });
    expect(ran.stderr.split('\n')).toHaveLength(2);
    expect(worker.asked).toEqual([]);
  });
});

describe('over TLS', () => {
  const authority = newAuthority('ours');
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const ca = write('ca.pem', authority.certificate);
  const client = authority.issue('ann');
  const cert = ['--cert', write('ann.pem', client.certificate), '--key', write('ann.key', client.key)];

  async function tlsWorker() {
    const { certificate, key } = authority.issue('worker', ['127.0.0.1']);
    const options = {
      cert: certificate,
      key,
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: false,
    };
    const server = createServer(options, ({ socket, url }, response) => {
      const isKnown = (socket as TLSSocket).authorized;
      const answer = url === '/' ? JSON.stringify(OF_ITSELF) : '{}';
      response.writeHead(isKnown ? 200 : 401).end(isKnown ? answer : '{"error_code":401,"message":"who?"}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => void server.close());
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test('a worker is trusted by its authority, and knows who asks by his certificate', async () => {
    const url = await tlsWorker();
    const connectors = (...args: string[]) => inProcess(['connectors', '--url', url, '--json', ...args]);
    expect(await connectors('--cacert', ca, ...cert)).toEqual({
      code: 0,
      stderr: '',
      stdout: '{"connectors":[]}\n',
    });
    expect(await connectors('--cacert', ca)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^who\?; give --user/),
    });
    expect(await connectors()).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^--url: no connection to .* by TLS: .*--cacert/),
    });
    const plain = await inProcess(['connectors', '--url', url.replace('https', 'http')]);
    expect(plain).toMatchObject({ code: 4, stderr: expect.stringMatching(/^--url: no worker answers/) });
  });
});
