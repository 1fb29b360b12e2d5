import { describe, expect, it } from 'vitest';
import { builtInPlugin, connectNames } from '../../src/loader/built-in.ts';

const TRANSFORMS = 'org.apache.kafka.connect.transforms.';
const PREDICATES = `${TRANSFORMS}predicates.`;

describe('a class of Kafka Connect', () => {
  it.each(connectNames('transformation'))('has its name with and without the package: %s', (name) => {
    expect(builtInPlugin('transformation', name)).not.toBeNull();
    expect(builtInPlugin('transformation', TRANSFORMS + name)).toBe(builtInPlugin('transformation', name));
  });

  it.each(connectNames('predicate'))('has its name with and without the package: %s', (name) => {
    expect(builtInPlugin('predicate', name)).not.toBeNull();
    expect(builtInPlugin('predicate', PREDICATES + name)).toBe(builtInPlugin('predicate', name));
  });

  it.each([
    ['transformation', 'InsertField'],
    ['transformation', `${TRANSFORMS}route`],
    ['transformation', `${TRANSFORMS}${TRANSFORMS}Filter`],
    ['transformation', `${PREDICATES}HasHeaderKey`],
    ['predicate', `${TRANSFORMS}HasHeaderKey`],
    ['parser', 'Filter'],
  ] as const)('is no %s called %s', (kind, name) => {
    expect(builtInPlugin(kind, name)).toBeNull();
  });
});
