import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import { type RequestOptions, request as tlsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import type { WorkerConfig } from '../../../src/config/worker-config.ts';
import { Authentication } from '../../../src/rest/doors/authentication.ts';
import { ChangingFile } from '../../../src/rest/doors/changing-file.ts';
import { hashPassword, hashToken } from '../../../src/rest/doors/secret-hash.ts';
import { listenerTls, type Tls } from '../../../src/rest/doors/tls.ts';
import { Users } from '../../../src/rest/doors/users.ts';
import { RestApp } from '../../../src/rest/rest-app.ts';
import { encryptedKey, newAuthority } from '../../support/certificates.ts';

const folder = await mkdtemp(join(tmpdir(), 'headrace-doors-'));
afterAll(() => rm(folder, { recursive: true }));
const mistakes: string[] = [];
const onMistake = (message: string) => void mistakes.push(message);

const usersFile = join(folder, 'users');
const reader = `reader:${await hashPassword('reads')}:read\n`;
const USERS = [
  reader,
  `writer:${await hashPassword('writes')}:write\n`,
  `scraper:${hashToken('token-r')}:read\n`,
  `deploy:${hashToken('token-w')}:write\n`,
  'cert-reader:certificate:read\n',
  'CN=cert-writer:certificate:write\n',
].join('');
await writeFile(usersFile, USERS);
const authentication = new Authentication(
  new ChangingFile('rest.users.file', usersFile, (content) => new Users(content), onMistake),
);

interface AppOptions {
  readonly host?: string;
  readonly authentication?: Authentication | null;
  readonly tls?: Tls | null;
}

async function started({ host = '127.0.0.1', ...doors }: AppOptions): Promise<string> {
  const { tls = null } = doors;
  const app = new RestApp({
    listener: { protocol: tls === null ? 'http' : 'https', host, port: 0 },
    tls,
    authentication: doors.authentication ?? null,
    onFault: (error) => mistakes.push(error.message),
  });
  for (const path of ['/health', '/things']) {
    app.json('GET', path, () => 'there');
    app.json('POST', path, () => 'changed');
  }
  const url = await app.listen();
  afterAll(() => app.close());
  return url.replace('0.0.0.0', '127.0.0.1');
}

async function ask(url: string, options: RequestOptions = {}) {
  const request = url.startsWith('https:') ? tlsRequest : httpRequest;
  const asked = request(url, { agent: false, ...options }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const body = JSON.parse((await text(answer)) || 'null');
  return { status: answer.statusCode, headers: answer.headers, body };
}

const basic = (user: string) => ({ authorization: `Basic ${Buffer.from(user).toString('base64')}` });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const WRONG = 'the name, password or token is wrong';
const MISSING = "expected a name and password, a bearer token or a client's certificate";
const mayRead = (name: string) => `${name} may read only: POST needs the role write`;

describe('who asks for something', async () => {
  const url = await started({ authentication });

  test.each([
    ['a reader', basic('reader:reads'), 200, [403, mayRead('reader')]],
    ['a writer', basic('writer:writes'), 200, [200, 'changed']],
    ['a token that reads', bearer('token-r'), 200, [403, mayRead('scraper')]],
    ['a token that writes', bearer('token-w'), 200, [200, 'changed']],
    ['a wrong password', basic('writer:wrong'), 401, [401, WRONG]],
    ['an unknown name', basic('nobody:writes'), 401, [401, WRONG]],
    ['a name alone', basic('writer'), 401, [401, WRONG]],
    ['a wrong token', bearer('token'), 401, [401, WRONG]],
    ['a token as a password', basic('deploy:token-w'), 401, [401, WRONG]],
    ['another scheme', { authorization: 'Digest username="writer"' }, 401, [401, WRONG]],
    ['nonsense', { authorization: 'nonsense' }, 401, [401, WRONG]],
    ['nothing', {}, 401, [401, MISSING]],
  ] as const)('with %s is let in as far as it may', async (_title, headers, read, [status, said]) => {
    const got = await ask(`${url}/things`, { headers });
    expect(got.status).toBe(read);
    expect(got.headers['www-authenticate']).toBe(
      read === 401 ? 'Basic realm="headrace", charset="UTF-8", Bearer realm="headrace"' : undefined,
    );
    expect(await ask(`${url}/health`, { headers })).toMatchObject({ status: 200, body: 'there' });
    for (const path of ['/things', '/health?x']) {
      if (path !== '/things') continue;
      const posted = await ask(url + path, { method: 'POST', headers });
      expect([posted.status, posted.body.message ?? posted.body]).toEqual([status, said]);
    }
    const unknown = await ask(`${url}/nope`, { headers });
    expect(unknown.status).toBe(read === 200 ? 404 : 401);
  });

  test('with more passwords than can be looked at is told to wait', async () => {
    const headers = basic('writer:guess');
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => ask(`${url}/things`, { headers }).then(({ status }) => status)),
    );
    expect(new Set(answers)).toEqual(new Set([401, 429]));
    expect(await ask(`${url}/things`, { headers: basic('writer:writes') })).toMatchObject({ status: 200 });
  });

  test('goes by the file as it is now, and by what it was before while it is wrong', async () => {
    onTestFinished(() => writeFile(usersFile, USERS));
    const statusOf = async (headers: RequestOptions['headers'] & object) =>
      (await ask(`${url}/things`, { headers: headers as Record<string, string> })).status;
    await writeFile(usersFile, reader);
    expect([await statusOf(basic('reader:reads')), await statusOf(bearer('token-r'))]).toEqual([200, 401]);
    await writeFile(usersFile, `${reader}writer:writes\n`);
    expect([await statusOf(basic('reader:reads')), await statusOf(basic('writer:writes'))]).toEqual([
      200, 401,
    ]);
    await rm(usersFile);
    expect(await statusOf(basic('reader:reads'))).toBe(200);
    expect(await statusOf(basic('reader:reads'))).toBe(200);
    expect(mistakes).toEqual([
      `rest.users.file: ${usersFile}: line 2: expected name:hash:role, with a hash that headrace user makes, or the word certificate for it; what was there before stays in force`,
      expect.stringContaining(`rest.users.file: ${usersFile}: cannot be read: ENOENT`),
    ]);
    await writeFile(usersFile, USERS);
    expect(await statusOf(bearer('token-r'))).toBe(200);
  });
});

describe('pages from elsewhere', async () => {
  const open = await started({});
  const closed = await started({ authentication });
  const forAll = await started({ host: '0.0.0.0' });

  test.each(['localhost', 'localhost:8083', '127.0.0.1', '127.9.9.9:1', '[::1]:8083', 'LOCALHOST'])(
    'are not who names this machine %s',
    async (host) => expect(await ask(`${open}/things`, { headers: { host } })).toMatchObject({ status: 200 }),
  );

  test.each(['evil.example', 'evil.example:8083', '10.0.0.1', 'localhost.evil.example', 'a b'])(
    'cannot ask a machine that they name %s',
    async (host) => {
      expect(await ask(`${open}/health`, { headers: { host } })).toMatchObject({
        status: 403,
        body: {
          error_code: 403,
          message: `expected the Host header to name this machine, such as localhost, got "${host}"; a proxy must set it, or rest.users.file say who may ask`,
        },
      });
    },
  );

  test('may be what a proxy has in front of who says who may, or an address that is open to all', async () => {
    const headers = { host: 'headrace.example', ...bearer('token-r') };
    expect(await ask(`${closed}/things`, { headers })).toMatchObject({ status: 200 });
    expect(await ask(`${forAll}/things`, { headers })).toMatchObject({ status: 200 });
  });

  test.each(['http://evil.example', 'null', 'http://localhost:1', 'nonsense'])(
    'of %s change nothing, and are not told that they may read',
    async (origin) => {
      const headers = { origin, host: 'localhost:8083' };
      const posted = await ask(`${open}/things`, { method: 'POST', headers });
      expect([posted.status, posted.body.message]).toEqual([
        403,
        `expected pages of this address alone to change something, got the origin "${origin}"`,
      ]);
      const read = await ask(`${open}/things`, { headers });
      expect(read.status).toBe(200);
      expect(Object.keys(read.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    },
  );

  test('are not pages of the address itself', async () => {
    const headers = { origin: 'http://localhost:8083', host: 'localhost:8083' };
    expect(await ask(`${open}/things`, { method: 'POST', headers })).toMatchObject({ status: 200 });
  });
});

describe('with TLS', async () => {
  const authority = newAuthority('clients');
  const stranger = newAuthority('strangers');
  const keystore = join(folder, 'server.pem');
  const truststore = join(folder, 'clients.pem');
  const server = newAuthority('first');
  const pem = ({ certificate, key }: { certificate: string; key: string }) => certificate + key;
  await writeFile(keystore, pem(server.issue('localhost', ['127.0.0.1'])));
  await writeFile(truststore, authority.certificate);

  const tls = (clientAuth: WorkerConfig['listenersHttpsSslClientAuth'], password: string | null = null) =>
    listenerTls(
      keystore,
      {
        listenersHttpsSslTruststoreLocation: clientAuth === 'none' ? null : truststore,
        listenersHttpsSslKeyPassword: password,
        listenersHttpsSslClientAuth: clientAuth,
      },
      onMistake,
    );
  const asks = (
    url: string,
    client: { certificate: string; key: string } | null,
    method: string,
    ca: string = server.certificate,
  ) =>
    ask(`${url}/things`, {
      ca,
      method,
      ...(client !== null && { key: client.key, cert: client.certificate }),
    });

  test.each([
    ['that may read', authority.issue('cert-reader'), 200, 403],
    ['that may write', authority.issue('cert-writer'), 200, 200],
    ['that nobody named', authority.issue('someone'), 401, 401],
    ['that is not trusted', stranger.issue('cert-writer'), 401, 401],
    ['that is missing', null, 401, 401],
  ] as const)('who has a certificate %s is let in as far as it may', async (_title, client, read, write) => {
    const url = await started({ authentication, tls: tls('requested') });
    expect((await asks(url, client, 'GET')).status).toBe(read);
    expect((await asks(url, client, 'POST')).status).toBe(write);
  });

  test('who has no certificate that is trusted does not come in where one is required', async () => {
    const url = await started({ tls: tls('required') });
    expect((await asks(url, authority.issue('someone'), 'POST')).status).toBe(200);
    await expect(asks(url, stranger.issue('cert-writer'), 'GET')).rejects.toThrow();
    await expect(asks(url, null, 'GET')).rejects.toThrow();
  });

  test('certificates are those of the file as it is now, and those before it while it is wrong', async () => {
    const url = await started({ tls: tls('none') });
    expect((await asks(url, null, 'GET')).status).toBe(200);
    const second = newAuthority('second');
    await writeFile(keystore, pem(second.issue('localhost', ['127.0.0.1'])));
    expect((await asks(url, null, 'GET', second.certificate)).status).toBe(200);
    await expect(asks(url, null, 'GET')).rejects.toThrow();
    mistakes.length = 0;
    await writeFile(keystore, 'nonsense');
    expect((await asks(url, null, 'GET', second.certificate)).status).toBe(200);
    expect(mistakes).toEqual([
      `listeners.https.ssl.keystore.location: expected a PEM file with a CERTIFICATE, got none in ${keystore}; what was there before stays in force`,
    ]);
  });

  test('a key can have a password; a wrong one is said before anybody connects', async () => {
    const own = server.issue('localhost', ['127.0.0.1']);
    await writeFile(keystore, own.certificate + encryptedKey(own, 'sesame'));
    const url = await started({ tls: tls('none', 'sesame') });
    expect((await asks(url, null, 'GET')).status).toBe(200);
    expect(() => tls('none', 'wrong')).toThrow(
      /^listeners\.https\.ssl\.keystore\.location: .* \(an encrypted key needs listeners\.https\.ssl\.key\.password\)/,
    );
  });
});
