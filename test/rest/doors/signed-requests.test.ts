import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { requireSignedBody, SignedRequests } from '../../../src/rest/doors/signed-requests.ts';

const key = randomBytes(32);
const BODY = Buffer.from('{"name":"a"}');
const PATH = '/connectors/a/config?x=1';

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
}

function sentBy(sender: SignedRequests, method = 'PUT', path = PATH, body = BODY): Sent {
  return { method, url: path, headers: { ...sender.headersFor({ method, path }, body) } };
}

const incoming = (sent: Sent) => sent as unknown as IncomingMessage;
const withKeys = (...keys: Buffer[]) => new SignedRequests(() => keys);

afterEach(() => void vi.useRealTimers());

test('a request that a worker signs is let in by another, with its body and no other', () => {
  const sent = incoming(sentBy(withKeys(key)));
  expect(withKeys(key).admits(sent)).toBe(true);
  expect(() => requireSignedBody(sent, BODY)).not.toThrow();
  expect(() => requireSignedBody(sent, Buffer.from('{"name":"b"}'))).toThrow(/invalid signature/);
  expect(() => requireSignedBody(sent)).toThrow(/invalid signature/);
});

test('one without a body is as good', () => {
  const sent = incoming(sentBy(withKeys(key), 'DELETE', '/connectors/a', Buffer.alloc(0)));
  expect(withKeys(key).admits(sent)).toBe(true);
  expect(() => requireSignedBody(sent)).not.toThrow();
});

test("one that has no signature is anybody's", () => {
  expect(withKeys(key).admits(incoming({ method: 'PUT', url: PATH, headers: {} }))).toBe(false);
});

const FORGERIES: readonly [string, (sent: Sent) => Sent][] = [
  ['another path', (sent) => ({ ...sent, url: '/connectors/b/config' })],
  ['another method', (sent) => ({ ...sent, method: 'DELETE' })],
  ['another time', (sent) => withHeader(sent, 'x-headrace-forwarded-at', String(Date.now() + 1))],
  ['no time', (sent) => withHeader(sent, 'x-headrace-forwarded-at', '')],
  ['another digest', (sent) => withHeader(sent, 'content-digest', 'sha-256=:AAAA:')],
  ['another signature', (sent) => withHeader(sent, 'x-connect-authorization', 'AAAA')],
  ['an empty signature', (sent) => withHeader(sent, 'x-connect-authorization', '')],
];

function withHeader(sent: Sent, name: string, value: string): Sent {
  return { ...sent, headers: { ...sent.headers, [name]: value } };
}

test.each(FORGERIES)('one with %s is refused', (_what, forge) => {
  const forged = incoming(forge(sentBy(withKeys(key))));
  expect(() => withKeys(key).admits(forged)).toThrow(
    expect.objectContaining({ statusCode: 403, message: 'Internal request contained invalid signature.' }),
  );
});

test('one that is signed by another key is refused, and so is one of an algorithm that is not known', () => {
  const sent = sentBy(withKeys(randomBytes(32)));
  expect(() => withKeys(key).admits(incoming(sent))).toThrow(/invalid signature/);
  const other = withHeader(sentBy(withKeys(key)), 'x-connect-request-signature-algorithm', 'HmacMD5');
  expect(() => withKeys(key).admits(incoming(other))).toThrow(expect.objectContaining({ statusCode: 400 }));
});

test('one of the key before the newest is let in: who sent it had not read the newest yet', () => {
  expect(withKeys(randomBytes(32), key).admits(incoming(sentBy(withKeys(key))))).toBe(true);
});

test('one that comes once more is refused', () => {
  const receiver = withKeys(key);
  const sent = incoming(sentBy(withKeys(key)));
  receiver.admits(sent);
  expect(() => receiver.admits(sent)).toThrow(/expected a request that was not sent before/);
});

test('one that comes late is refused, and told of the clocks', () => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
  const sent = incoming(sentBy(withKeys(key)));
  vi.setSystemTime(1_700_000_000_000 + 299_000);
  expect(withKeys(key).admits(sent)).toBe(true);
  vi.setSystemTime(1_700_000_000_000 + 301_000);
  expect(() => withKeys(key).admits(sent)).toThrow(/got one of 301 s ago by this clock; see that the clocks/);
  vi.setSystemTime(1_700_000_000_000 - 301_000);
  expect(() => withKeys(key).admits(sent)).toThrow(/got one of 301 s ahead by this clock/);
});

test('a worker that knows no key yet signs nothing, and lets nothing in', () => {
  expect(withKeys().headersFor({ method: 'PUT', path: PATH }, BODY)).toBeNull();
  expect(() => withKeys().admits(incoming(sentBy(withKeys(key))))).toThrow(
    expect.objectContaining({ statusCode: 503, message: expect.stringContaining('session key') }),
  );
});
