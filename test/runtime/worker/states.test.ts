import { describe, expect, it } from 'vitest';
import { mayFollow, TASK_TRANSITIONS, type TaskState } from '../../../src/runtime/worker/states.ts';

describe('task states', () => {
  it.each([
    ['UNASSIGNED', 'RUNNING'],
    ['RUNNING', 'RESTARTING'],
    ['RESTARTING', 'RUNNING'],
    ['RUNNING', 'COMPLETED'],
    ['FAILED', 'RESTARTING'],
  ] as const)('go from %s to %s', (from, to) => {
    expect(mayFollow(from, to)).toBe(true);
  });

  it.each([
    ['UNASSIGNED', 'COMPLETED'],
    ['FAILED', 'RUNNING'],
    ['COMPLETED', 'RUNNING'],
    ['STOPPED', 'RUNNING'],
  ] as const)('never go from %s to %s', (from, to) => {
    expect(mayFollow(from, to)).toBe(false);
  });

  it('can all be reached from UNASSIGNED, and stopped from', () => {
    const reached = new Set<TaskState>(['UNASSIGNED']);
    for (const state of reached) for (const next of TASK_TRANSITIONS[state]) reached.add(next);
    expect([...reached].sort()).toEqual(Object.keys(TASK_TRANSITIONS).sort());
    for (const state of reached) if (state !== 'STOPPED') expect(mayFollow(state, 'STOPPED')).toBe(true);
  });
});
