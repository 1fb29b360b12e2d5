import { describe, expect, it } from 'vitest';
import { builtInModule, connectNames } from '../../../src/loader/built-in.ts';

const TRANSFORMS = 'org.apache.kafka.connect.transforms.';
const PREDICATES = `${TRANSFORMS}predicates.`;

describe('a class of Kafka Connect', () => {
  it.each(connectNames('transformation'))('has its name with and without the package: %s', (name) => {
    expect(builtInModule('transformation', name)).not.toBeNull();
    expect(builtInModule('transformation', TRANSFORMS + name)).toEqual(builtInModule('transformation', name));
  });

  it.each(connectNames('predicate'))('has its name with and without the package: %s', (name) => {
    expect(builtInModule('predicate', name)).not.toBeNull();
    expect(builtInModule('predicate', PREDICATES + name)).toEqual(builtInModule('predicate', name));
  });

  it.each([
    ['transformation', 'InsertField'],
    ['transformation', `${TRANSFORMS}route`],
    ['transformation', `${TRANSFORMS}${TRANSFORMS}Filter`],
    ['transformation', `${PREDICATES}HasHeaderKey`],
    ['predicate', `${TRANSFORMS}HasHeaderKey`],
    ['parser', 'Filter'],
  ] as const)('is no %s called %s', (kind, name) => {
    expect(builtInModule(kind, name)).toBeNull();
  });
});
