import { expect, test } from 'vitest';
import { configMap, createRequest, namedConfig, patchedConfig } from '../../src/rest/config-request.ts';
import { parseExactJson } from '../../src/values/exact-json.ts';

const sent = (text: string) => parseExactJson(text) as Record<string, unknown>;

test('numbers, true and false become text as they were written', () => {
  const text = '{"a":1,"b":1.50,"c":12345678901234567890,"d":1e3,"e":true,"f":"x","g":-0}';
  expect({ ...configMap(sent(text)) }).toEqual({
    a: '1',
    b: '1.50',
    c: '12345678901234567890',
    d: '1e3',
    e: 'true',
    f: 'x',
    g: '-0',
  });
});

test('a key of any name is a key', () => {
  expect(Object.entries(configMap(sent('{"__proto__":"x","constructor":"y"}')))).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
});

test('what Kafka Connect refuses as a value is refused with 400, and not shown', () => {
  const nested = /^password: expected text, a number, true or false, got an object; nested options/;
  expect(() => configMap(sent('{"password":{"a":"hunter2"}}'))).toThrow(nested);
  expect(() => configMap(sent('{"a":["hunter2"]}'))).toThrow(/^a: expected text.*, got a list/);
  expect(() => configMap(sent('{"a":"b","c":null}'))).toThrow(
    'Connector configuration is invalid and contains the following 1 error(s):\n' +
      'Null value can not be supplied as the configuration value.\n' +
      'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
  );
});

test('the name of a connector is its own, and put into its configuration last', () => {
  expect(Object.entries(namedConfig({ a: 'b' }, 'c'))).toEqual([
    ['a', 'b'],
    ['name', 'c'],
  ]);
  expect(Object.keys(namedConfig({ name: 'c', a: 'b' }, 'c'))).toEqual(['name', 'a']);
  expect(() => namedConfig({ name: 'other' }, 'c')).toThrow(
    "Connector name configuration (other) doesn't match connector name in the URL (c)",
  );
});

test('a connector is made of a name, a configuration and perhaps a state', () => {
  const { name, config, initialState } = createRequest({ name: ' n ', config: {}, initial_state: 'paused' });
  expect([name, { ...config }, initialState]).toEqual(['n', { name: 'n' }, 'PAUSED']);
  expect(createRequest({ config: {} })).toMatchObject({ name: '', initialState: null });
});

test.each([
  [{ name: 'a' }, /^expected config in the body.*got none$/],
  [{ name: 'a', config: null }, /^expected config in the body.*got none$/],
  [{ name: 'a', config: [] }, /^expected config in the body.*got a list$/],
  [
    { name: 'a', config: {}, 'tasks.max': 1 },
    /^expected name, config and initial_state in the body, got tasks.max;/,
  ],
  [
    { name: 'a', config: {}, initial_state: 'FAILED' },
    /^initial_state: expected one of RUNNING, PAUSED, STOPPED, got/,
  ],
])('%j is refused', (body, message) => {
  expect(() => createRequest(body)).toThrow(message);
});

test('a patch changes keys, adds them, and takes those away that it has null for', () => {
  const before = namedConfig({ a: '1', b: '2' }, 'n');
  expect(Object.entries(patchedConfig(before, sent('{"a":null,"b":3.0,"c":"4"}')))).toEqual([
    ['b', '3.0'],
    ['name', 'n'],
    ['c', '4'],
  ]);
});
