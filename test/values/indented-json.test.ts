import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indentedJson } from '../../src/values/indented-json.ts';

test('JSON is indented as JSON.stringify does it', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const value: unknown = JSON.parse(text);
      expect(indentedJson(JSON.stringify(value))).toBe(`${JSON.stringify(value, null, 2)}\n`);
    }),
  );
});

test('Numbers and the order of members stay as they are', () => {
  expect(indentedJson('{"b":12345678901234567890,"1":1.50,"a":[{}]}')).toBe(
    '{\n  "b": 12345678901234567890,\n  "1": 1.50,\n  "a": [\n    {}\n  ]\n}\n',
  );
});
