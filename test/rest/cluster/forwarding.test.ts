import { randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { WorkerConfig } from '../../../src/config/worker-config.ts';
import { Authentication } from '../../../src/rest/doors/authentication.ts';
import { ChangingFile } from '../../../src/rest/doors/changing-file.ts';
import { hashPassword } from '../../../src/rest/doors/secret-hash.ts';
import { SignedRequests } from '../../../src/rest/doors/signed-requests.ts';
import { listenerTls, type Tls } from '../../../src/rest/doors/tls.ts';
import { Users } from '../../../src/rest/doors/users.ts';
import { Forwarding } from '../../../src/rest/group/forwarding.ts';
import { OtherWorkers } from '../../../src/rest/group/other-workers.ts';
import { jsonObject } from '../../../src/rest/json-body.ts';
import { RestApp } from '../../../src/rest/rest-app.ts';
import { RestError } from '../../../src/rest/rest-error.ts';
import type { ClusterView } from '../../../src/runtime/cluster/cluster-view.ts';
import { newAuthority } from '../../support/certificates.ts';

const key = randomBytes(32);
const folder = await mkdtemp(join(tmpdir(), 'headrace-forwarding-'));
const usersFile = join(folder, 'users');
await writeFile(
  usersFile,
  `ann:${await hashPassword('sesame')}:write\nbob:${await hashPassword('sesame')}:read\n`,
);
const authentication = () =>
  new Authentication(
    new ChangingFile(
      'rest.users.file',
      usersFile,
      (text) => new Users(text),
      () => {},
    ),
  );

interface MemberOptions {
  readonly view?: Partial<ClusterView>;
  readonly tls?: Tls | null;
  readonly isGuarded?: boolean;
}

interface Member {
  readonly url: string;
  readonly asked: { readonly path: string; readonly body: unknown }[];
}

/** A worker that answers a path by itself where it leads, and else has its leader do it. */
async function member({ view = {}, tls = null, isGuarded = false }: MemberOptions = {}): Promise<Member> {
  const cluster = {
    isLeader: false,
    isSure: true,
    leaderUrl: null,
    generation: 1,
    sessionKeys: [key],
    unassigned: new Map(),
    sync: async () => {},
    ...view,
  };
  const signed = new SignedRequests(() => cluster.sessionKeys);
  const app = new RestApp({
    listener: { protocol: tls === null ? 'http' : 'https', host: '127.0.0.1', port: 0 },
    tls,
    authentication: isGuarded ? authentication() : null,
    signed,
    onFault: () => {},
  });
  const asked: { path: string; body: unknown }[] = [];
  const forwarding = new Forwarding({
    cluster,
    others: new OtherWorkers({ signed, certificates: tls?.certificates ?? null }),
  });
  app.json('POST', '/things/:name', async (request, reply) => {
    if (await forwarding.isNeeded(request)) return forwarding.toLeader(request, reply);
    const body = request.headers['content-type'] === undefined ? null : jsonObject(request);
    asked.push({ path: request.url, body });
    if (request.url.includes('bad')) throw new RestError(422, 'expected good things');
    if (request.url.includes('nothing')) return undefined;
    reply
      .code(201)
      .header('location', `http://leader.example/things/${(request.params as { name: string }).name}`);
    return { made: body };
  });
  const url = await app.listen();
  onTestFinished(() => app.close());
  return { url, asked };
}

const leading = (options: MemberOptions = {}) => member({ ...options, view: { isLeader: true } });

const post = (url: string, path: string, headers: Record<string, string> = {}, body = '{"size":1}') =>
  fetch(url + path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

const basic = (name: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:sesame`).toString('base64')}`,
});

test('a change that comes to a follower is made by the leader, and answered with what that answers', async () => {
  const leader = await leading();
  const follower = await member({ view: { leaderUrl: leader.url } });
  const answer = await post(follower.url, '/things/a%2Fb?dry=true');
  expect(answer.status).toBe(201);
  expect(await answer.json()).toEqual({ made: { size: 1 } });
  expect(answer.headers.get('location')).toBe(`${follower.url}/things/a/b`);
  expect(leader.asked).toEqual([{ path: '/things/a%2Fb?dry=true', body: { size: 1 } }]);
});

test('answers without a body, and refusals, come back as they are', async () => {
  const leader = await leading();
  const follower = await member({ view: { leaderUrl: leader.url } });
  const nothing = await fetch(`${follower.url}/things/nothing`, { method: 'POST' });
  expect([nothing.status, await nothing.text()]).toEqual([204, '']);
  const bad = await post(follower.url, '/things/bad');
  expect([bad.status, await bad.json()]).toEqual([422, { error_code: 422, message: 'expected good things' }]);
  const list = await post(follower.url, '/things/list', {}, '[1]');
  expect(await list.json()).toMatchObject({
    error_code: 400,
    message: expect.stringContaining('got an array'),
  });
});

test('who asks is looked at by the worker that is asked; the leader takes its word', async () => {
  const leader = await leading({ isGuarded: true });
  const follower = await member({ view: { leaderUrl: leader.url }, isGuarded: true });
  expect((await post(follower.url, '/things/a', basic('ann'))).status).toBe(201);
  expect((await post(follower.url, '/things/a', basic('bob'))).status).toBe(403);
  expect((await post(follower.url, '/things/a')).status).toBe(401);
  expect(leader.asked).toHaveLength(1);
});

test('what only says that a worker sends it is refused', async () => {
  const leader = await leading({ isGuarded: true });
  const forged = await post(leader.url, '/things/a', {
    'x-connect-authorization': 'AAAA',
    'x-connect-request-signature-algorithm': 'HmacSHA256',
  });
  expect([forged.status, await forged.json()]).toEqual([
    403,
    { error_code: 403, message: 'Internal request contained invalid signature.' },
  ]);
  const signed = new SignedRequests(() => [key]).headersFor(
    { method: 'POST', path: '/things/a' },
    Buffer.from('{"size":1}'),
  );
  const replaced = await post(leader.url, '/things/a', { ...signed }, '{"size":2}');
  expect(replaced.status).toBe(403);
  expect(leader.asked).toEqual([]);
});

test('while nobody leads it is to be asked again', async () => {
  const { url } = await member();
  const answer = await post(url, '/things/a');
  expect([answer.status, await answer.json()]).toEqual([
    409,
    {
      error_code: 409,
      message:
        'Cannot complete request momentarily due to no known leader URL, likely because a rebalance was underway.',
    },
  ]);
});

test('a request is sent on once: where the other does not lead either it is to be asked again', async () => {
  const second = await member({ view: { leaderUrl: 'http://127.0.0.1:1' } });
  const first = await member({ view: { leaderUrl: second.url } });
  const answer = await post(first.url, '/things/a');
  expect([answer.status, await answer.json()]).toEqual([
    409,
    {
      error_code: 409,
      message: 'Cannot complete request because of a conflicting operation (e.g. worker rebalance)',
    },
  ]);
});

test('a leader that cannot be reached, and one that is no worker, are told', async () => {
  const { url } = await member({ view: { leaderUrl: 'http://127.0.0.1:1' } });
  const answer = await post(url, '/things/a');
  expect(answer.status).toBe(500);
  expect(await answer.json()).toMatchObject({
    message: expect.stringMatching(
      /^IO Error trying to forward REST request: http:\/\/127\.0\.0\.1:1, which leads the group, does not answer: .*ECONNREFUSED/,
    ),
  });
  const stranger = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi'));
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void stranger.close());
  const { port } = stranger.address() as { port: number };
  const misled = await member({ view: { leaderUrl: `http://127.0.0.1:${port}` } });
  expect(await (await post(misled.url, '/things/a')).json()).toMatchObject({
    error_code: 500,
    message: expect.stringContaining(
      `what answers at http://127.0.0.1:${port} is no worker: HTTP 200 without JSON`,
    ),
  });
});

test('workers with https reach one another by the certificates of their listeners', async () => {
  const authority = newAuthority('workers');
  const { certificate, key: ownKey } = authority.issue('worker', ['127.0.0.1']);
  const keystore = join(folder, 'worker.pem');
  const truststore = join(folder, 'authority.pem');
  await writeFile(keystore, `${ownKey}${certificate}`);
  await writeFile(truststore, authority.certificate);
  const tls = listenerTls(
    keystore,
    {
      listenersHttpsSslTruststoreLocation: truststore,
      listenersHttpsSslClientAuth: 'required',
      listenersHttpsSslKeyPassword: null,
    } as WorkerConfig,
    () => {},
  );
  const leader = await leading({ tls });
  // Those who ask it have no certificate, so it has no TLS.
  const plain = await member({ view: { leaderUrl: leader.url } });
  expect((await post(plain.url, '/things/a')).status).toBe(500);
  const cluster = {
    isLeader: false,
    isSure: true,
    leaderUrl: leader.url,
    generation: 1,
    sessionKeys: [key],
    unassigned: new Map(),
    sync: async () => {},
  };
  const signed = new SignedRequests(() => [key]);
  const forwarding = new Forwarding({
    cluster,
    others: new OtherWorkers({ signed, certificates: tls.certificates }),
  });
  const app = new RestApp({
    listener: { protocol: 'http', host: '127.0.0.1', port: 0 },
    tls: null,
    authentication: null,
    signed,
    onFault: () => {},
  });
  app.json('POST', '/things/:name', (request, reply) => forwarding.toLeader(request, reply));
  const url = await app.listen();
  onTestFinished(() => app.close());
  expect((await post(url, '/things/a')).status).toBe(201);
  expect(leader.asked).toHaveLength(1);
});
