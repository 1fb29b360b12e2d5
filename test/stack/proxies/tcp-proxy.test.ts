import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TcpProxy } from '../../support/tcp-proxy.ts';

const BODY = Buffer.alloc(1_000_000, 'x');

/** Answers each line of HTTP with the body. */
const server = createServer((_request, response) => response.end(BODY));
let proxy: TcpProxy;

beforeEach(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  proxy = await TcpProxy.before((server.address() as AddressInfo).port);
});

afterEach(async () => {
  proxy.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A client that has asked, and counts what comes. */
class Client {
  readonly #socket: Socket;
  readonly closed: Promise<NodeJS.ErrnoException | undefined>;
  bytes = 0;

  constructor() {
    this.#socket = connect(proxy.port, '127.0.0.1');
    this.#socket.on('data', (chunk) => {
      this.bytes += chunk.length;
    });
    this.closed = new Promise((resolve) => {
      this.#socket.once('error', resolve).once('close', () => resolve(undefined));
    });
    this.ask();
  }

  ask(): void {
    this.#socket.write('GET / HTTP/1.1\r\nHost: tests\r\n\r\n');
  }
}

test('everything comes through, and connections are counted', async () => {
  const clients = [new Client(), new Client()];

  for (const client of clients) await expect.poll(() => client.bytes).toBeGreaterThan(BODY.length);
  expect([proxy.connections, proxy.open]).toEqual([2, 2]);

  proxy.cutAll();
  for (const client of clients) await client.closed;
  expect([proxy.connections, proxy.open]).toEqual([2, 0]);
});

test('a connection is reset after so many bytes from the server, once', async () => {
  proxy.resetAfter(250_000);
  const struck = new Client();
  expect(await struck.closed).toMatchObject({ code: 'ECONNRESET' });
  expect(struck.bytes).toBeLessThanOrEqual(250_000);

  const next = new Client();
  await expect.poll(() => next.bytes).toBeGreaterThan(BODY.length);
});

test('connections are refused so many times', async () => {
  proxy.refuse(1);
  const refused = new Client();
  await refused.closed;
  expect(refused.bytes).toBe(0);

  const next = new Client();
  await expect.poll(() => next.bytes).toBeGreaterThan(BODY.length);
});

test('what is held comes later, on connections that are open and on new ones', async () => {
  const open = new Client();
  await expect.poll(() => open.bytes).toBeGreaterThan(BODY.length);
  const before = open.bytes;

  proxy.hold();
  open.ask();
  const fresh = new Client();
  await delay(200);
  expect([open.bytes, fresh.bytes]).toEqual([before, 0]);

  proxy.unhold();
  await expect.poll(() => open.bytes).toBe(2 * before);
  await expect.poll(() => fresh.bytes).toBe(before);
});
