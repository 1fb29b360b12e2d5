import { describe, expect, it } from 'vitest';
import { PROXY_FAULTS, playStrikes } from './faults/proxy-faults.ts';
import { STRIKES } from './faults/strikes.ts';
import type { Fault } from './ground.ts';
import { sharedGround } from './support.ts';

const TIMEOUT_MS = 240_000;
const [OLD = [], EITHER = []] = [true, false].map((isOld) =>
  STRIKES.filter(({ protocol }) => (protocol === 'old') === isOld),
);
const HALVES = [0, 1].map((half) => EITHER.filter((_, index) => index % 2 === half));

describe.concurrent('each row arrives once and in order, and no one has to help, when', () => {
  it.for([0, 1])(
    'requests to Kafka and their answers are lost, late or cut off, each in every way (part %i)',
    { timeout: TIMEOUT_MS },
    async (half, context) => {
      const outcome = await playStrikes(await sharedGround(context, 51 + half), HALVES[half] ?? []);
      expect(outcome.wrong).toEqual([]);
    },
  );

  it('the same befalls what only the older protocol of transactions asks', {
    timeout: TIMEOUT_MS,
  }, async (context) => {
    const outcome = await playStrikes(await sharedGround(context, 53, {}, 'old'), OLD);
    expect(outcome.wrong).toEqual([]);
  });

  it.for(['black-hole', 'slow', 'cut-all'])(
    'the network as a whole fails: %s',
    { timeout: TIMEOUT_MS },
    async (name, context) => {
      const fault = PROXY_FAULTS.find((each) => each.name === name) as Fault;
      expect((await fault.play(await sharedGround(context, 61))).wrong).toEqual([]);
    },
  );
});
