import { describe, expect, it } from 'vitest';
import { Membership } from '../../src/cluster/membership.ts';
import type { GroupRefusal, MembershipAction, MembershipEvent } from '../../src/cluster/membership-events.ts';
import type { Assignment } from '../../src/cluster/messages.ts';
import { HeadraceError } from '../../src/errors.ts';
import { member } from './members.ts';

const SESSION_MS = 10_000;
const REBALANCE_MS = 60_000;

const assignment = (tasks: string[], more: Partial<Assignment> = {}): Assignment => ({
  error: 'none',
  leaderUrl: 'http://leader',
  leaderInstanceId: null,
  configOffset: 1,
  tasks: new Set(tasks),
  revoked: new Set(),
  ...more,
});

/** A member whose clock is set by hand, with what it was asked to do last. */
function membership(instanceId: string | null = null) {
  const core = new Membership({
    instanceId,
    sessionTimeoutMs: SESSION_MS,
    heartbeatIntervalMs: 2_000,
    rebalanceTimeoutMs: REBALANCE_MS,
  });
  let wakesAtMs = Number.POSITIVE_INFINITY;
  const at = (nowMs: number, event: MembershipEvent): MembershipAction[] => {
    const actions = core.on(event, nowMs);
    for (const action of actions) if (action.type === 'wakeAt') wakesAtMs = action.atMs;
    return actions.filter(({ type }) => type !== 'wakeAt');
  };
  return {
    core,
    at,
    get wakesAtMs() {
      return wakesAtMs;
    },
    /** Joins as a follower at 0 and runs some tasks in generation 1. */
    run(tasks: string[], more: Partial<Assignment> = {}) {
      at(0, { type: 'start' });
      at(0, { type: 'joined', memberId: 'm', generation: 1, members: null });
      return at(0, { type: 'synced', assignment: assignment(tasks, more) });
    },
    refused: (nowMs: number, refusal: GroupRefusal, sentAtMs = nowMs) =>
      at(nowMs, { type: 'heartbeatRefused', sentAtMs, refusal }),
  };
}

const types = (actions: readonly MembershipAction[]) => actions.map(({ type }) => type);
const join = (memberId: string) => ({ type: 'join', memberId });

describe('a member of a group', () => {
  it('joins, is given an id, joins with it, and is told by the leader what to run', () => {
    const one = membership();
    expect(one.at(0, { type: 'start' })).toEqual([join('')]);
    expect(one.at(1, { type: 'joinRefused', refusal: { type: 'idGiven', memberId: 'm' } })).toEqual([
      join('m'),
    ]);
    expect(one.at(2, { type: 'joined', memberId: 'm', generation: 7, members: null })).toEqual([
      { type: 'sync', memberId: 'm', generation: 7, assignments: new Map() },
    ]);
    const given = assignment(['x-0']);
    expect(one.at(3, { type: 'synced', assignment: given })).toEqual([
      { type: 'apply', generation: 7, isLeader: false, assignment: given },
    ]);
  });

  it('shares the work out where it leads, and heartbeats while that takes long', () => {
    const one = membership();
    one.at(0, { type: 'start' });
    const members = [member('m'), member('n')];
    expect(one.at(0, { type: 'joined', memberId: 'm', generation: 7, members })).toEqual([
      { type: 'assign', generation: 7, members },
    ]);
    expect(one.wakesAtMs).toBe(2_000);
    expect(one.at(2_000, { type: 'tick' })).toEqual([{ type: 'heartbeat', memberId: 'm', generation: 7 }]);
    const assignments = new Map([['m', assignment(['x-0'])]]);
    expect(one.at(2_500, { type: 'assigned', generation: 6, assignments })).toEqual([]);
    expect(one.at(3_000, { type: 'assigned', generation: 7, assignments })).toEqual([
      { type: 'sync', memberId: 'm', generation: 7, assignments },
    ]);
    expect(one.at(3_001, { type: 'synced', assignment: assignment(['x-0']) })).toMatchObject([
      { type: 'apply', isLeader: true },
    ]);
  });

  it('goes on with its tasks while all join again, and tells of its life meanwhile', () => {
    const one = membership();
    one.run(['x-0']);
    one.at(4_000, { type: 'tick' });
    expect(one.refused(4_001, { type: 'rebalance' }, 4_000)).toEqual([join('m')]);
    expect(one.wakesAtMs).toBe(6_000);
    expect(types(one.at(6_000, { type: 'tick' }))).toEqual(['heartbeat']);
    expect(one.refused(6_001, { type: 'rebalance' }, 6_000)).toEqual([]);
    expect(types(one.at(12_000, { type: 'tick' }))).toEqual(['heartbeat']);
    expect(types(one.at(12_001, { type: 'joined', memberId: 'm', generation: 2, members: null }))).toEqual([
      'sync',
    ]);
  });

  it('heartbeats quickly for a while after a round, as another one follows where tasks were let go of', () => {
    const one = membership();
    one.run(['x-0']);
    const beats: number[] = [];
    while (one.wakesAtMs < 8_000) {
      const nowMs = one.wakesAtMs;
      if (types(one.at(nowMs, { type: 'tick' })).includes('heartbeat')) beats.push(nowMs);
      one.at(nowMs, { type: 'heartbeat', sentAtMs: nowMs });
    }
    expect(beats.slice(0, 3)).toEqual([250, 500, 750]);
    expect(beats.slice(-3)).toEqual([3_000, 5_000, 7_000]);
  });

  it('joins again when what it was to let go of has ended, and not for what an earlier round told', () => {
    const one = membership();
    one.run(['x-0'], { revoked: new Set(['x-1']) });
    expect(one.at(10, { type: 'released', generation: 0 })).toEqual([]);
    expect(one.at(20, { type: 'released', generation: 1 })).toEqual([join('m')]);
  });

  it('leaves it to a round that is under way to tell once more what is to be let go', () => {
    const one = membership();
    one.run(['x-0'], { revoked: new Set(['x-1']) });
    one.refused(10, { type: 'rebalance' });
    expect(one.at(20, { type: 'released', generation: 1 })).toEqual([]);
    one.at(30, { type: 'joined', memberId: 'm', generation: 2, members: null });
    one.at(40, { type: 'synced', assignment: assignment(['x-0'], { revoked: new Set(['x-1']) }) });
    expect(one.at(41, { type: 'released', generation: 2 })).toEqual([join('m')]);
  });

  it('does not join again where nothing was to be let go', () => {
    const one = membership();
    one.run(['x-0']);
    expect(one.at(1, { type: 'released', generation: 1 })).toEqual([]);
  });

  it('joins once more after a round in which the worker wanted it', () => {
    const one = membership();
    one.run(['x-0']);
    expect(one.at(1, { type: 'rejoin' })).toEqual([join('m')]);
    expect(one.at(2, { type: 'rejoin' })).toEqual([]);
    one.at(3, { type: 'joined', memberId: 'm', generation: 2, members: null });
    expect(types(one.at(4, { type: 'synced', assignment: assignment([]) }))).toEqual(['apply', 'join']);
    one.at(5, { type: 'joined', memberId: 'm', generation: 3, members: null });
    expect(types(one.at(6, { type: 'synced', assignment: assignment([]) }))).toEqual(['apply']);
  });

  it('asks again, later each time, when the coordinator is not reached', () => {
    const one = membership();
    one.at(0, { type: 'start' });
    const waits: number[] = [];
    for (let nowMs = 0; waits.length < 6; nowMs = one.wakesAtMs) {
      if (nowMs > 0) expect(one.at(nowMs, { type: 'tick' })).toEqual([join('')]);
      expect(one.at(nowMs, { type: 'joinRefused', refusal: { type: 'unreachable' } })).toEqual([]);
      waits.push(one.wakesAtMs - nowMs);
    }
    expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  it('joins again when it is not answered for as long as a session lasts, since all may wait for it', () => {
    const one = membership();
    one.at(0, { type: 'start' });
    expect(one.wakesAtMs).toBe(SESSION_MS);
    expect(one.at(SESSION_MS, { type: 'tick' })).toEqual([join('')]);
    one.at(10_001, { type: 'joined', memberId: 'm', generation: 1, members: null });
    one.at(12_001, { type: 'tick' });
    one.at(12_002, { type: 'heartbeat', sentAtMs: 12_001 });
    expect(types(one.at(20_001, { type: 'tick' }))).toEqual(['join', 'heartbeat']);
  });

  it('changes nothing and has all join again where it leads and knew too little', () => {
    const one = membership();
    one.at(0, { type: 'start' });
    one.at(0, { type: 'joined', memberId: 'm', generation: 1, members: [member('m')] });
    one.at(0, { type: 'assigned', generation: 1, assignments: new Map() });
    expect(one.at(0, { type: 'synced', assignment: assignment([], { error: 'behind' }) })).toEqual([]);
    expect(one.at(one.wakesAtMs, { type: 'tick' })).toEqual([join('m')]);
  });

  it('has all join again when it is a leader that was started anew', () => {
    const one = membership('A');
    expect(types(one.run(['x-0'], { leaderInstanceId: 'A' }))).toEqual(['apply']);
    expect(one.at(one.wakesAtMs, { type: 'tick' })).toEqual([join('m')]);
    expect(membership('B').run(['x-0'], { leaderInstanceId: 'A' })).toHaveLength(1);
  });

  it('leaves when it stops, and does nothing any more', () => {
    const one = membership();
    one.run(['x-0']);
    expect(one.at(1, { type: 'stop' })).toEqual([
      { type: 'lose', reason: 'the worker stops' },
      { type: 'leave', memberId: 'm' },
    ]);
    expect(one.at(2, { type: 'heartbeat', sentAtMs: 0 })).toEqual([]);
    expect(one.at(20_000, { type: 'tick' })).toEqual([]);
  });

  it('leaves before it has joined, by its own name where it has one, so that nobody waits for it', () => {
    const named = membership('A');
    named.at(0, { type: 'start' });
    expect(named.at(1, { type: 'stop' })).toEqual([{ type: 'leave', memberId: '' }]);
    const one = membership();
    one.at(0, { type: 'start' });
    expect(one.at(1, { type: 'stop' })).toEqual([]);
  });

  it('is out for good when another comes under its id, or the group is not for it', () => {
    const one = membership('A');
    one.run(['x-0']);
    const [lose, fail] = one.refused(1, { type: 'fenced' });
    expect(lose?.type).toBe('lose');
    expect(fail).toMatchObject({ type: 'fail', error: { code: 'KAFKA_FENCED' } });
    const error = new HeadraceError('KAFKA_DENIED', 'not yours');
    const other = membership();
    other.at(0, { type: 'start' });
    expect(other.at(1, { type: 'joinRefused', refusal: { type: 'refused', error } })).toEqual([
      { type: 'fail', error },
    ]);
  });
});

describe("a member's session, by its own clock", () => {
  it('ends a tenth before the coordinator may end it, counted from when the last answered request was sent', () => {
    const one = membership();
    one.run(['x-0']);
    one.at(2_000, { type: 'tick' });
    one.at(4_500, { type: 'heartbeat', sentAtMs: 2_000 });
    one.at(4_500, { type: 'tick' });
    expect(one.wakesAtMs).toBe(2_000 + 0.9 * SESSION_MS);
    expect(one.at(10_999, { type: 'tick' })).toEqual([]);
    expect(types(one.at(11_000, { type: 'tick' }))).toEqual(['lose', 'join']);
    expect(types(one.at(11_001, { type: 'tick' }))).toEqual([]);
  });

  it('ends while all join as well, where no heartbeat is answered', () => {
    const one = membership();
    one.run(['x-0']);
    one.at(100, { type: 'rejoin' });
    one.at(2_000, { type: 'tick' });
    expect(one.refused(3_000, { type: 'unreachable' }, 2_000)).toEqual([]);
    expect(one.wakesAtMs).toBe(3_100);
    expect(types(one.at(9_000, { type: 'tick' }))).toEqual(['lose', 'join', 'heartbeat']);
  });

  it('ends before a member is put out that heartbeats and whose join does not arrive', () => {
    const one = membership();
    one.run(['x-0']);
    let lost = 0;
    for (let nowMs = 2_000; lost === 0; nowMs += 2_000) {
      if (types(one.at(nowMs, { type: 'tick' })).includes('lose')) lost = nowMs;
      one.refused(nowMs, { type: 'rebalance' });
    }
    expect(lost).toBe(0.9 * REBALANCE_MS);
  });

  it('is over at once in a process that was suspended, whatever was answered before', () => {
    const one = membership();
    one.run(['x-0']);
    one.at(2_000, { type: 'tick' });
    expect(types(one.at(40_000, { type: 'heartbeat', sentAtMs: 2_000 }))).toEqual(['lose', 'join']);
  });

  it('is over where the answer to what it is to run comes too late, and nothing of it is begun', () => {
    const one = membership();
    one.run(['x-0']);
    one.at(100, { type: 'rejoin' });
    one.at(200, { type: 'joined', memberId: 'm', generation: 2, members: null });
    expect(types(one.at(40_000, { type: 'synced', assignment: assignment(['x-1']) }))).toEqual([
      'lose',
      'join',
    ]);
  });

  it('is told to who asks before a timer has come', () => {
    const one = membership();
    expect(one.core.isSure(0)).toBe(false);
    one.run(['x-0']);
    expect(one.core.isSure(8_999)).toBe(true);
    expect(one.core.isSure(9_000)).toBe(false);
  });

  it('ends before a member is put out whose question what it got does not arrive, though heartbeats do', () => {
    const one = membership();
    one.run(['x-0']);
    one.at(100, { type: 'rejoin' });
    let lost = 0;
    for (let nowMs = 2_000; lost === 0 && nowMs < 100_000; nowMs += 2_000) {
      if (types(one.at(nowMs, { type: 'tick' })).includes('lose')) lost = nowMs;
      one.at(nowMs, { type: 'joined', memberId: 'm', generation: 2, members: null });
      one.at(nowMs, { type: 'heartbeat', sentAtMs: nowMs });
    }
    expect(lost).toBe(56_000);
  });

  it('ends when the coordinator knows the member no more, which joins as a new one', () => {
    const one = membership();
    one.run(['x-0']);
    expect(types(one.refused(1, { type: 'lost' }))).toEqual(['lose', 'join']);
    expect(one.at(2, { type: 'joinRefused', refusal: { type: 'lost' } })).toEqual([join('')]);
    expect(one.at(3, { type: 'joinRefused', refusal: { type: 'lost' } })).toEqual([]);
  });

  it('goes on when a generation is over that is being followed by another', () => {
    const one = membership();
    one.run(['x-0']);
    one.at(100, { type: 'rejoin' });
    expect(one.refused(2_100, { type: 'lost' }, 2_000)).toEqual([]);
    expect(types(one.at(2_200, { type: 'joined', memberId: 'm', generation: 2, members: null }))).toEqual([
      'sync',
    ]);
  });

  it('has nothing to end before there were tasks or a lead', () => {
    const one = membership();
    one.at(0, { type: 'start' });
    one.at(0, { type: 'joined', memberId: 'm', generation: 1, members: null });
    expect(types(one.at(9_500, { type: 'tick' }))).toEqual(['heartbeat']);
  });
});
