import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Notifier, type Unsent } from '../../../src/runtime/notify/notifier.ts';

const PATIENCE = { answerMs: 300, firstWaitMs: 20, mostWaitMs: 40, giveUpMs: 2_000 };

interface Receiver {
  readonly url: string;
  readonly bodies: Record<string, unknown>[];
  readonly headers: IncomingMessage['headers'][];
  close(): void;
}

/** A server that answers the first requests as it is told, and takes those that follow. */
async function receiver(...answers: readonly ((response: ServerResponse) => void)[]): Promise<Receiver> {
  const bodies: Record<string, unknown>[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const left = [...answers];
  const server = createServer(async (request, response) => {
    bodies.push({ method: request.method, ...JSON.parse(await text(request)) });
    headers.push(request.headers);
    const answer = left.shift();
    if (answer === undefined) response.writeHead(204).end();
    else answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(close);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/secret-path`,
    bodies,
    headers,
    close,
  };
}

function notifierOf(patience = PATIENCE): { notifier: Notifier; unsent: Unsent[] } {
  const unsent: Unsent[] = [];
  const notifier = new Notifier((one) => unsent.push(one), patience);
  onTestFinished(() => notifier.close());
  return { notifier, unsent };
}

const status = (code: number) => (response: ServerResponse) => response.writeHead(code).end('no');
const never = () => {};
const cut = (response: ServerResponse) => response.destroy();
const notice = (event = 'files.late') => ({ connector: 'trades', event, message: 'not there' });

describe('a notice', () => {
  test('is one JSON object by POST, with the header that says who tells', async () => {
    const { url, bodies, headers } = await receiver();
    const { notifier, unsent } = notifierOf();
    expect(await notifier.send({ url, authorization: 'Bearer t0ken' }, notice())).toBe('sent');
    expect(bodies).toEqual([{ method: 'POST', ...notice() }]);
    expect(headers[0]).toMatchObject({ 'content-type': 'application/json', authorization: 'Bearer t0ken' });
    expect(unsent).toEqual([]);
  });

  test.each([
    ['500, then 200', [status(500)], 2],
    ['429, then a connection that breaks, then 200', [status(429), cut], 3],
    ['nothing at all, then 200', [never], 2],
  ])('is sent again to who answers %s', async (_, answers, tries) => {
    const { url, bodies } = await receiver(...answers);
    const { notifier, unsent } = notifierOf();
    expect(await notifier.send({ url, authorization: null }, notice())).toBe('sent');
    expect(bodies).toHaveLength(tries);
    expect(unsent).toMatchObject([{ connector: 'trades', event: 'files.late', isLast: false }]);
  });

  test('is given up when its receiver refuses it, or never takes it in the time there is', async () => {
    const { notifier, unsent } = notifierOf({ ...PATIENCE, giveUpMs: 100 });
    const refusing = await receiver(status(400));
    expect(await notifier.send({ url: refusing.url, authorization: null }, notice())).toBe('given up');
    expect(refusing.bodies).toHaveLength(1);
    const gone = await receiver();
    gone.close();
    const nobody = { url: gone.url, authorization: 'Bearer t0ken' };
    expect(await notifier.send(nobody, notice('task.failed'))).toBe('given up');
    expect(unsent).toMatchObject([
      { event: 'files.late', reason: 'HTTP 400', isLast: true },
      { event: 'task.failed', to: new URL(gone.url).origin, isLast: false },
      { event: 'task.failed', reason: expect.stringContaining('ECONNREFUSED'), isLast: true },
    ]);
    expect(JSON.stringify(unsent)).not.toMatch(/secret|t0ken/);
  });

  test('comes after those before it of its connector, and waits for no other connector’s', async () => {
    const slow = await receiver(status(503), status(503));
    const quick = await receiver();
    const { notifier } = notifierOf();
    const order: string[] = [];
    const send = (url: string, connector: string, event: string) =>
      notifier.send({ url, authorization: null }, { connector, event }).then(() => order.push(event));
    await Promise.all([
      send(slow.url, 'a', 'first'),
      send(slow.url, 'a', 'second'),
      send(quick.url, 'b', 'other'),
    ]);
    expect(order).toEqual(['other', 'first', 'second']);
    expect(slow.bodies.map(({ event }) => event)).toEqual(['first', 'first', 'first', 'second']);
  });

  test('waits with a hundred others at most, and is not sent any more once the worker ends', async () => {
    const { url } = await receiver(never);
    const { notifier, unsent } = notifierOf({ ...PATIENCE, answerMs: 200 });
    const all = Array.from({ length: 101 }, () => notifier.send({ url, authorization: null }, notice()));
    expect(await all[100]).toBe('given up');
    expect(unsent).toMatchObject([{ isLast: true, reason: '100 others wait before it' }]);
    await notifier.close();
    expect(new Set(await Promise.all(all.slice(0, 100)))).toEqual(new Set(['stopped']));
  });

  test('follows a redirect, and says who tells to no other server', async () => {
    const other = await receiver();
    const first = await receiver((response) => response.writeHead(307, { location: other.url }).end());
    const { notifier } = notifierOf();
    expect(await notifier.send({ url: first.url, authorization: 'Bearer t0ken' }, notice())).toBe('sent');
    expect(other.bodies).toEqual([{ method: 'POST', ...notice() }]);
    expect(other.headers[0]).not.toHaveProperty('authorization');
  });
});
