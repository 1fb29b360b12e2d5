import { describe, expect, it } from 'vitest';
import { factOf, sharedGround } from '../support.ts';
import { GroupTrial } from './group-trial.ts';
import { HandOvers, toldTimes } from './hand-overs.ts';

describe('three workers of one group', () => {
  it('deliver each row once and in order, while they are killed, suspended, added and drained', {
    timeout: 300_000,
  }, async (context) => {
    const ground = await sharedGround(context, 45, { rows: 6_000, minutes: 1 });
    const outcome = await GroupTrial.play(ground, { feeds: 3, buckets: 1 });
    expect(outcome.wrong).toEqual([]);
    expect(factOf(outcome, 'workers killed')).toBeGreaterThan(0);
    expect(factOf(outcome, 'workers suspended')).toBeGreaterThan(0);
  });
});

describe('what is told of a worker that is gone', () => {
  it('is how long its tasks were without rows: of those at work, until anybody goes on', () => {
    const seen = new HandOvers();
    seen.committed('a#1', 'trades-0', 0);
    seen.committed('a#1', 'trades-1', 9_000);
    seen.committed('a#1', 'trades-2', 9_500);
    seen.committed('b#1', 'trades-3', 9_500);
    seen.gone('kill', 'a#1', 10_000);
    seen.committed('b#1', 'trades-3', 11_000);
    seen.committed('b#1', 'trades-1', 12_000);
    seen.committed('b#1', 'trades-1', 13_000);
    seen.committed('a#2', 'trades-2', 16_500);
    expect(seen.times('kill')).toEqual({ first: [2_000], each: [2_000, 6_500], open: 0 });
  });

  it('is that nobody went on, as long as that is so', () => {
    const seen = new HandOvers();
    seen.committed('a#1', 'trades-0', 0);
    seen.gone('kill', 'a#1', 1_000);
    expect(seen.times('kill')).toEqual({ first: [], each: [], open: 1 });
    expect(toldTimes([])).toBe('none');
  });

  it('is told apart where nothing else happened at the time', () => {
    const seen = new HandOvers();
    for (const [kill, other] of [
      [100_000, 130_000],
      [200_000, 205_000],
    ] as const) {
      seen.committed('a', 'trades-0', kill - 500);
      seen.gone('kill', 'a', kill);
      seen.disturbed(other);
      seen.committed('b', 'trades-0', kill + 7_000);
    }
    expect(seen.times('kill').first).toEqual([7_000, 7_000]);
    expect(seen.times('kill', 'alone').first).toEqual([7_000]);
  });

  it('is not how long it took itself where it comes back', () => {
    const seen = new HandOvers();
    seen.committed('a', 'trades-0', 0);
    seen.committed('a', 'trades-1', 0);
    seen.gone('suspension', 'a', 1_000);
    seen.committed('a', 'trades-0', 1_100);
    seen.committed('a', 'trades-1', 9_000);
    seen.committed('b', 'trades-0', 9_500);
    seen.committed('b', 'trades-1', 60_000);
    expect(seen.times('suspension')).toEqual({ first: [8_500], each: [8_500], open: 0 });
  });

  it('is written as the median and the worst', () => {
    expect(toldTimes([4_000, 1_200, 900])).toBe('1.2 s, 4.0 s at most, of 3');
  });
});
