import { describe, expect, test } from 'vitest';
import { dottedName } from '../../src/values/dotted-name.ts';
import { recordedOptions } from './recorded.ts';
import { ourPlugin } from './run-ours.ts';

const recorded = recordedOptions();

describe.each([...recorded])('%s', (className, options) => {
  test('has the options of Kafka Connect, and their defaults', async () => {
    const { config } = await ourPlugin(className);
    const ours = Object.entries(config).map(([name, { required = false, default: absent = null }]) => ({
      ...{ name: dottedName(name), required },
      ...(!required && { default: absent }),
    }));
    const theirs = options.map(({ type: _, ...option }) => option);
    expect(ours.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(theirs);
  });
});
