import { describe, expect, it } from 'vitest';
import { RestartPolicy } from '../../../src/runtime/worker/restart-policy.ts';

const delays = (policy: RestartPolicy, count: number) =>
  Array.from({ length: count }, () => policy.nextDelayMs());

describe('the wait before a task is tried again', () => {
  it('doubles up to its longest', () => {
    const policy = new RestartPolicy({ initialMs: 1000, maxMs: 6000, random: () => 1 });
    expect(delays(policy, 5)).toEqual([1000, 2000, 4000, 6000, 6000]);
  });

  it('is drawn from the upper half of its range, so that tasks do not come back all at once', () => {
    const policy = new RestartPolicy({ initialMs: 1000, maxMs: 6000, random: () => 0 });
    expect(delays(policy, 3)).toEqual([500, 1000, 2000]);
  });

  it('starts from the beginning after a commit', () => {
    const policy = new RestartPolicy({ initialMs: 1000, maxMs: 6000, random: () => 1 });
    delays(policy, 3);
    policy.succeeded();
    expect(policy.nextDelayMs()).toBe(1000);
  });

  it('stays within its longest after any number of failures', () => {
    const policy = new RestartPolicy({ initialMs: 1000, maxMs: 6000, random: () => 1 });
    expect(Math.max(...delays(policy, 5000))).toBe(6000);
  });
});
