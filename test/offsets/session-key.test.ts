import { expect, test } from 'vitest';
import { newSessionKeyRecord, SessionKeys } from '../../src/offsets/session-key.ts';

test("a session key has Kafka Connect's form", () => {
  const { key, value } = newSessionKeyRecord(1_795_224_816_643);
  expect(String(key)).toBe('session-key');
  expect(JSON.parse(String(value))).toEqual({
    key: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    algorithm: 'HmacSHA256',
    'creation-timestamp': 1_795_224_816_643,
  });
});

test('the newest key and the one before it are known, and when the newest was made', () => {
  const keys = new SessionKeys();
  expect(keys.keys).toEqual([]);
  expect(keys.createdMs).toBeNull();
  const records = [1, 2, 3].map((ms) => newSessionKeyRecord(ms));
  for (const record of records) keys.apply(record);
  const bytesOf = (record?: { readonly value: Buffer }) =>
    Buffer.from(JSON.parse(String(record?.value)).key, 'base64');
  expect(keys.keys).toEqual([bytesOf(records[2]), bytesOf(records[1])]);
  expect(keys.createdMs).toBe(3);
});

test('records that are none are passed over, and so are keys of algorithms that are not known', () => {
  const keys = new SessionKeys();
  const apply = (key: string, value: string | null) =>
    keys.apply({ key: Buffer.from(key), value: value === null ? null : Buffer.from(value) });
  apply('connector-a', '{"properties":{}}');
  apply('session-key', null);
  apply('session-key', 'not JSON');
  apply('session-key', '{"key":"AAAA","algorithm":"HmacSHA512","creation-timestamp":1}');
  keys.apply({ key: null, value: null });
  expect(keys.keys).toEqual([]);
});
