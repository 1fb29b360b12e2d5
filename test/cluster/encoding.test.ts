import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  decodeAssignment,
  decodeMetadata,
  encodeAssignment,
  encodeMetadata,
} from '../../src/cluster/encoding.ts';
import type { Assignment, MemberMetadata } from '../../src/cluster/messages.ts';

const METADATA: MemberMetadata = {
  url: 'http://10.0.0.7:8083',
  configOffset: 41,
  tasks: new Set(['asx-trades-0', 'asx-trades-11', 'lse-0', '1-2-3', '__proto__-0', 'é 💧-4']),
  labels: new Map([['zone', 'sydney']]),
};

const ASSIGNMENT: Assignment = {
  error: 'behind',
  leaderUrl: 'http://10.0.0.8:8083',
  leaderInstanceId: 'headrace-0',
  configOffset: 42,
  tasks: METADATA.tasks,
  revoked: new Set(['lse-1']),
};

test('members understand one another, whatever connectors are called', () => {
  expect(decodeMetadata(encodeMetadata(METADATA))).toEqual(METADATA);
  expect(decodeAssignment(encodeAssignment(ASSIGNMENT))).toEqual(ASSIGNMENT);
});

test('the name of a connector stands there once for all of its tasks', () => {
  const tasks = new Set(['asx-trades-0', 'asx-trades-1', 'asx-trades-2']);
  const told = encodeMetadata({ url: 'http://a:1', configOffset: 0, tasks, labels: new Map() });
  expect(gunzipSync(told).toString()).toBe(
    '{"version":1,"url":"http://a:1","configOffset":0,"tasks":{"asx-trades":[0,1,2]},"labels":{}}',
  );
});

test('what a newer worker tells beside that is passed over, and what an older one does not tell is empty', () => {
  const newer = {
    ...JSON.parse(gunzipSync(encodeAssignment(ASSIGNMENT)).toString()),
    version: 9,
    mood: 'good',
  };
  expect(decodeAssignment(gzipSync(JSON.stringify(newer)))).toEqual(ASSIGNMENT);
  expect(decodeMetadata(gzipSync('{"url":"http://a:1"}'))).toEqual({
    url: 'http://a:1',
    configOffset: 0,
    tasks: new Set(),
    labels: new Map(),
  });
});

test.each([
  ['nothing', Buffer.alloc(0), 'told nothing where'],
  ['bytes', Buffer.from('\u0000\u0001sessioned'), 'told "\\u0000\\u0001sessioned" where'],
  ['a list', gzipSync('[1]'), 'where a message of Headrace was expected'],
])('%s instead of a message is refused in one line', (_, bytes, told) => {
  for (const decode of [decodeMetadata, decodeAssignment])
    expect(() => decode(bytes)).toThrow(
      expect.objectContaining({ code: 'KAFKA_DENIED', message: expect.stringContaining(told) }),
    );
});
