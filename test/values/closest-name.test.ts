import { describe, expect, test } from 'vitest';
import { closestName } from '../../src/values/closest-name.ts';

const KEYS = [
  'connector.class',
  'input.path',
  'settle.ms',
  'transforms',
  'transforms.route.topic',
  'transforms.route.type',
  'errors.tolerance',
];

describe('did you mean', () => {
  test.each([
    ['transforms.route.topik', 'transforms.route.topic'],
    ['transforms.rout.topic', 'transforms.route.topic'],
    ['conector.class', 'connector.class'],
    ['connector.calss', 'connector.class'],
    ['settleMs', 'settle.ms'],
    ['settle_ms', 'settle.ms'],
    ['transform', 'transforms'],
    ['error.tolerance', 'errors.tolerance'],
  ])('%s means %s', (given, meant) => {
    expect(closestName(given, KEYS)).toBe(meant);
  });

  test.each(['transforms.route.key', 'x', 'name', 'transforms.route.', 'bootstrap.servers'])(
    '%s means none of them',
    (given) => {
      expect(closestName(given, KEYS)).toBeNull();
    },
  );
});
