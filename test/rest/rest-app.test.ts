import { afterAll, expect, test } from 'vitest';
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

test('a fault is answered in the same form, and told', async () => {
  expect(await ask('/broken')).toEqual({
    status: 500,
    body: { error_code: 500, message: 'nobody foresaw it' },
  });
  expect(faults).toEqual(['/broken: nobody foresaw it']);
});
