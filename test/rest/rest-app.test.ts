import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { RestApp } from '../../src/rest/rest-app.ts';

const faults: string[] = [];
const app = new RestApp((error, path) => faults.push(`${path}: ${error.message}`));
app.getJson('/echo/:name', ({ params }) => params);
app.getJson('/broken', () => {
  throw new Error('nobody foresaw it');
});
const url = await app.listen({ host: '127.0.0.1', port: 0 });
afterAll(() => app.close());

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(url + path, init);
  return { status: response.status, body: await response.json() };
}

test.each(['täglich', 'a b+c', 'a/b', '50%', '..x', 'x'.repeat(255)])('a name can be %j', async (name) => {
  expect(await ask(`/echo/${encodeURIComponent(name)}`)).toEqual({ status: 200, body: { name } });
});

test('a path that cannot be decoded is the mistake of who asked', async () => {
  const body = { error_code: 400, message: 'HTTP 400 Bad Request' };
  expect(await ask('/echo/%zz')).toEqual({ status: 400, body });
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
    const body = { error_code: status, message: `HTTP ${status} ${text}` };
    expect(await ask(path, { method: 'POST', ...init })).toEqual({ status, body });
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
  expect(await ask('/broken')).toEqual({
    status: 500,
    body: { error_code: 500, message: 'nobody foresaw it' },
  });
  expect(faults).toEqual(['/broken: nobody foresaw it']);
});
