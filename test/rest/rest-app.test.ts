import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { jsonObject } from '../../src/rest/json-body.ts';
import { RestError } from '../../src/rest/rest-error.ts';
import { openApp } from './open-app.ts';

const faults: string[] = [];
const app = openApp((error, path) => faults.push(`${path}: ${error.message}`));
app.json('GET', '/echo/:name', ({ params }) => params);
app.json('GET', '/broken', () => {
  throw new Error('nobody foresaw it');
});
app.json('POST', '/things', (request, reply) => {
  reply.code(201).header('location', '/things/1');
  return jsonObject(request);
});
app.json('GET', '/things', () => []);
app.json('PUT', '/things/:name/pause', (_request, reply) => void reply.code(202));
app.json('DELETE', '/things/:name', () => {});
app.json('PATCH', '/refused', () => {
  throw new RestError(409, 'not now');
});
app.json(
  'PUT',
  '/slow',
  async (request) => {
    jsonObject(request);
    request.waitingFor = 'the moon';
    await new Promise(() => {});
  },
  { deadlineMs: 20 },
);
const url = await app.listen();
afterAll(() => app.close());

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(url + path, init);
  return { status: response.status, body: await response.json() };
}

const sent = (body: string | Buffer<ArrayBuffer>, contentType = 'application/json') => ({
  method: 'POST',
  body,
  headers: { 'content-type': contentType },
});

const error = (status: number, message: string) => ({
  status,
  body: { error_code: status, message },
});

test.each(['täglich', 'a b+c', 'a/b', '50%', '..x', 'x'.repeat(255)])('a name can be %j', async (name) => {
  expect(await ask(`/echo/${encodeURIComponent(name)}`)).toEqual({ status: 200, body: { name } });
});

test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])(
  'a body of type %s is read, and the answer has a code and headers of its own',
  async (type) => {
    const response = await fetch(`${url}/things`, sent('{"name":"a","price":1.50}', type));
    expect([response.status, response.headers.get('location')]).toEqual([201, '/things/1']);
    expect(await response.text()).toBe('{"name":"a","price":1.50}');
  },
);

test.each([
  ['', 'nothing'],
  [' ', 'nothing'],
  ['null', 'null'],
  ['[]', 'an array'],
  ['"secret"', 'a string'],
  ['{"secret":{', 'what is not JSON (at position 11)'],
  ['{"secret":"b",}', 'what is not JSON (at position 14)'],
  ['secret', 'what is not JSON'],
  [Buffer.from([0x7b, 0xff, 0x7d]), 'bytes that are not UTF-8'],
])('the body %j is refused with a sentence that does not repeat it', async (body, got) => {
  expect(await ask('/things', sent(body))).toEqual(error(400, `expected a JSON object as body, got ${got}`));
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'nonsense', ''])(
  'a body of type %j is refused',
  async (type) => {
    const answer = await ask('/things', sent(Buffer.from('{"a":"b"}'), type));
    expect(answer).toEqual(error(415, 'HTTP 415 Unsupported Media Type'));
  },
);

test('a body of more than a mebibyte is refused, also where none is looked at', async () => {
  const body = Buffer.alloc(1024 * 1024 + 1);
  const refusal = error(413, 'expected a body of at most 1048576 bytes');
  expect(await ask('/things', sent(body))).toEqual(refusal);
  expect(await ask('/things/a/pause', { method: 'PUT', body })).toEqual(refusal);
});

test('an answer without body is 204, or the code that it is given', async () => {
  const paused = await fetch(`${url}/things/a/pause`, { method: 'PUT', body: '[{}]' });
  expect([paused.status, await paused.text()]).toEqual([202, '']);
  const gone = await fetch(`${url}/things/a`, { method: 'DELETE' });
  expect([gone.status, await gone.text()]).toEqual([204, '']);
});

test('a refusal is answered with its code and sentence', async () => {
  expect(await ask('/refused', { method: 'PATCH' })).toEqual(error(409, 'not now'));
});

test('a handler that takes too long is answered for, with what it waits for', async () => {
  const answer = await ask('/slow', { ...sent('{}'), method: 'PUT' });
  expect(answer).toEqual(error(500, 'Request timed out after 20 ms while waiting for the moon'));
});

test.each([
  ['/things', 'HEAD,POST,GET,OPTIONS'],
  ['/things/a', 'DELETE,OPTIONS'],
  ['/things/a/pause', 'PUT,OPTIONS'],
])('%s says what it can be asked, to who asks and to who asks something else', async (path, allow) => {
  const options = await fetch(url + path, { method: 'OPTIONS' });
  expect([options.status, options.headers.get('allow'), options.headers.get('content-type')]).toEqual([
    200,
    allow,
    'text/plain',
  ]);
  expect(await options.text()).toBe(allow.replaceAll(',', ', '));
  const wadl = 'application/vnd.sun.wadl+xml';
  const described = await fetch(url + path, { method: 'OPTIONS', headers: { accept: wadl } });
  expect([described.status, described.headers.get('content-type'), await described.text()]).toEqual([
    200,
    wadl,
    '',
  ]);
  const refused = await fetch(url + path, { method: 'PATCH' });
  expect([refused.status, refused.headers.get('allow')]).toEqual([405, allow]);
});

test('HEAD is GET without the body', async () => {
  const head = await fetch(`${url}/things`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '2', '']);
  expect((await fetch(`${url}/refused`, { method: 'HEAD' })).status).toBe(405);
});

test('a slash at the end is nothing, an empty segment a mistake', async () => {
  expect(await ask('/things/')).toEqual({ status: 200, body: [] });
  for (const path of ['//things', '/things//pause', '/things//?a=b']) {
    expect(await ask(path)).toEqual(error(400, 'expected a path without empty segments'));
  }
  expect(await ask('/things?a=//')).toEqual({ status: 200, body: [] });
});

test('a path that cannot be decoded is the mistake of who asked', async () => {
  expect(await ask('/echo/%zz')).toEqual(error(400, 'HTTP 400 Bad Request'));
});

const BODIES: RequestInit[] = [
  { body: '{"broken', headers: { 'content-type': 'application/json' } },
  { body: '<x/>', headers: { 'content-type': 'nonsense' } },
  { body: Buffer.alloc(5_000_000) },
];

test.each(BODIES)('what is sent is not looked at: 405, or 404 where there is no such path', async (init) => {
  for (const [path, status] of [
    ['/broken', 405],
    ['/nope', 404],
  ] as const) {
    const text = status === 405 ? 'Method Not Allowed' : 'Not Found';
    expect(await ask(path, { method: 'POST', ...init })).toEqual(error(status, `HTTP ${status} ${text}`));
  }
});

test('connections that never ask take no more than their share of open files, and keep nobody from asking', async () => {
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  let open = 0;
  for (let index = 0; index < 500; index++) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write('GET / HT'));
    sockets.push(socket.on('error', () => {}).on('close', () => open--));
    await once(socket, 'connect');
    open++;
  }
  await expect.poll(() => open).toBeLessThanOrEqual(64);
  expect(await ask('/echo/here')).toMatchObject({ status: 200 });
});

test('a fault is answered in the same form, and told', async () => {
  expect(await ask('/broken')).toEqual(error(500, 'nobody foresaw it'));
  expect(faults).toEqual(['/broken: nobody foresaw it']);
});
