import { expect, test } from 'vitest';
import { PRODUCER_KEYS } from '../../../src/config/check/producer-overrides.ts';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { load, MINIMAL } from '../sample-feed.ts';

test.each([...PRODUCER_KEYS])(
  'producer.override.%s is told to be no setting, with why',
  async (name, why) => {
    const key = `producer.override.${name}`;
    const { lines } = await load(entriesOf({ ...MINIMAL, [key]: '1' }, 'REST'));
    expect(lines).toEqual([`REST: ${key}: is no setting here: ${why}; leave it out`]);
  },
);
