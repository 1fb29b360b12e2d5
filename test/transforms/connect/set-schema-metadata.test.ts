import { describe, expect, it } from 'vitest';
import { value as setSchemaMetadata } from '../../../transforms/connect/set-schema-metadata.ts';
import { type Case, expected, outcome, TRADE } from './shared/support.ts';

const options = { schemaName: 'a.B' };

describe('SetSchemaMetadata$Value', () => {
  it.each<Case>([
    [
      'names the schema',
      options,
      { value: {}, valueSchema: TRADE },
      { valueSchema: { ...TRADE, name: 'a.B' } },
    ],
    [
      'names that of a tombstone',
      options,
      { value: null, valueSchema: TRADE },
      { valueSchema: { ...TRADE, name: 'a.B' } },
    ],
    ['lets a tombstone without a schema pass', options, { value: null }, {}],
    ['wants a schema', options, { value: {} }, 'NoSchema: value: expected a schema to name, got none'],
  ])('%s', async (_, given, before, after) => {
    expect(await outcome(setSchemaMetadata, given, before)).toEqual(expected(before, after));
  });
});
