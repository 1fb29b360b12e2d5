import { createRequire } from 'node:module';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { BrokerLink, KAFKAJS_VERSION } from '../../../src/kafka/connection/kafkajs-internals.ts';
import { bootstrapServers } from '../support.ts';

const require = createRequire(import.meta.url);
const CHANGED =
  'kafkajs is not as src/kafka/connection/kafkajs-internals.ts knows it: read what changed, mend that file, then this test';

describe("kafkajs's insides", () => {
  it('are of the version that was read', () => {
    expect(require('kafkajs/package.json').version, CHANGED).toBe(KAFKAJS_VERSION);
  });

  it('have the parts that are used', () => {
    const Broker = require('kafkajs/src/broker/index.js');
    const ConnectionPool = require('kafkajs/src/network/connectionPool.js');
    const Connection = require('kafkajs/src/network/connection.js');
    const RequestQueue = require('kafkajs/src/network/requestQueue/index.js');
    const { createLogger } = require('kafkajs/src/loggers/index.js');
    const methods = (of: { prototype: object }) => Object.getOwnPropertyNames(of.prototype);
    expect(methods(Broker), CHANGED).toEqual(expect.arrayContaining(['isConnected', 'connect']));
    expect(methods(Connection), CHANGED).toEqual(
      expect.arrayContaining(['isConnected', 'isAuthenticated', 'nextCorrelationId', 'disconnect']),
    );
    const queue = ['push', 'checkPendingRequests', 'scheduleCheckPendingRequests', 'maybeThrottle'];
    expect(methods(RequestQueue), CHANGED).toEqual(
      expect.arrayContaining([...queue, 'waitForPendingRequests', 'rejectAll', 'destroy']),
    );
    const logger = createLogger({ level: 0, logCreator: () => () => {} });
    const pool = new ConnectionPool({ host: 'h', port: 1, logger, connectionTimeout: 1, requestTimeout: 1 });
    const broker = new Broker({ connectionPool: pool, logger, authenticationTimeout: 1 });
    const [connection] = broker.connectionPool.pool;
    expect(connection, CHANGED).toMatchObject({ clientId: 'kafkajs', reauthenticationThreshold: 10_000 });
    expect(String(connection.sessionLifetime), CHANGED).toBe('0');
    expect(connection.requestQueue, CHANGED).toMatchObject({
      pending: [],
      inflight: new Map(),
      throttledUntil: -1,
      throttleCheckTimeoutId: null,
    });
  });
});

const METADATA = { name: 'Metadata', key: 3, version: 5 };
const NO_TOPICS = Buffer.from([0, 0, 0, 0, 0]);

function linkTo(host: string, port: number, requestTimeoutMs = 5000): BrokerLink {
  const link = new BrokerLink({
    host,
    port,
    clientId: 'c',
    connectionTimeoutMs: 1000,
    requestTimeoutMs,
    log: () => {},
  });
  onTestFinished(() => link.close());
  return link;
}

async function silentServer(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.on('error', () => {}).resume());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { server, port: (server.address() as { port: number }).port };
}

describe('BrokerLink', () => {
  const [host, port] = (bootstrapServers.split(',')[0] as string).split(':') as [string, string];

  afterEach(() => vi.restoreAllMocks());

  it('sets no timer into the past and prints no warning', async () => {
    const warnings = vi.fn();
    process.on('warning', warnings);
    onTestFinished(() => void process.off('warning', warnings));
    const link = linkTo(host, Number(port));
    await link.ready();
    for (let i = 0; i < 5; i++) await link.request(METADATA, [NO_TOPICS]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(warnings).not.toHaveBeenCalled();
  });

  it('tells which calls the broker serves, at which versions, once it is connected', async () => {
    const link = linkTo(host, Number(port));
    expect(link.serves(METADATA)).toBe(false);
    await link.ready();
    const LIST_TRANSACTIONS = { key: 66, version: 0 };
    for (const served of [METADATA, LIST_TRANSACTIONS]) expect(link.serves(served)).toBe(true);
    for (const version of [-1, 1000]) expect(link.serves({ ...METADATA, version })).toBe(false);
    expect(link.serves({ key: 10_000, version: 0 })).toBe(false);
  });

  it('answers many requests that are under way at once, parts and all', async () => {
    const link = linkTo(host, Number(port));
    await link.ready();
    const parts = [NO_TOPICS.subarray(0, 2), NO_TOPICS.subarray(2)];
    const answers = await Promise.all(Array.from({ length: 20 }, () => link.request(METADATA, parts)));
    expect(new Set(answers.map((answer) => answer.toString('hex'))).size).toBe(1);
  });

  it('keeps the order of requests when a throttling has just ended', async () => {
    const link = linkTo(host, Number(port));
    await link.ready();
    link.throttle(60);
    const order: number[] = [];
    const first = link.request(METADATA, [NO_TOPICS]).then(() => order.push(1));
    const until = performance.now() + 70;
    while (performance.now() < until); // the throttling ends, its timer has not run yet
    const second = link.request(METADATA, [NO_TOPICS]).then(() => order.push(2));
    await Promise.all([first, second]);
    expect(order).toEqual([1, 2]);
  });

  it('ends requests that wait for an answer when it is closed', async () => {
    const link = linkTo(host, Number(port));
    await link.ready();
    const waiting = link.request(METADATA, [NO_TOPICS]);
    const outcome = expect(waiting).rejects.toMatchObject({ code: 'ECONNABORTED' });
    await link.close();
    await outcome;
  });

  it('gives up a broker that takes the connection and says nothing', async () => {
    const { port: silent } = await silentServer();
    await expect(linkTo('127.0.0.1', silent, 300).ready()).rejects.toThrow(/timed out/);
  });
});
