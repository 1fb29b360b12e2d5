import { expect, test } from 'vitest';
import { acceptsJson } from '../../src/rest/accept.ts';

test.each([
  undefined,
  '',
  '*/*',
  'application/json',
  'application/*;q=0.5',
  'text/html, Application/JSON;q=0.1',
])('who accepts %j gets JSON', (accept) => expect(acceptsJson(accept)).toBe(true));

test.each(['text/plain', 'text/html,application/xml', 'application/json;q=0', 'application/json; q=0.0'])(
  'who accepts %j does not',
  (accept) => expect(acceptsJson(accept)).toBe(false),
);
