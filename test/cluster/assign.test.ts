import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AssignOptions, assign, nothingChanges, type SharedOut } from '../../src/cluster/assign.ts';
import { NO_HOMES } from '../../src/cluster/homes.ts';
import type { JoinedMember } from '../../src/cluster/membership-events.ts';
import { type ConnectorWork, taskNames, type Work } from '../../src/cluster/work.ts';
import { member } from './members.ts';

const leader = { url: 'http://a', instanceId: null };
const options: AssignOptions = { leader, homes: NO_HOMES, nowMs: 0 };

const work = (connectors: Record<string, number | ConnectorWork>, configOffset = 0): Work => ({
  configOffset,
  connectors: new Map(
    Object.entries(connectors).map(([name, what]) => [
      name,
      typeof what === 'number' ? { tasks: what, labels: new Map() } : what,
    ]),
  ),
});
const labelled = (tasks: number, labels: Record<string, string>): ConnectorWork => ({
  tasks,
  labels: new Map(Object.entries(labels)),
});

const shown = ({ assignments }: Pick<SharedOut, 'assignments'>) =>
  Object.fromEntries(
    [...assignments].map(([id, { tasks, revoked }]) => [
      id,
      revoked.size === 0 ? [...tasks] : { tasks: [...tasks], revoked: [...revoked] },
    ]),
  );

/** The members when all have done what they were told. */
const settled = (members: readonly JoinedMember[], { assignments }: SharedOut) =>
  members.map((one) => ({
    ...one,
    metadata: { ...one.metadata, tasks: assignments.get(one.memberId)?.tasks ?? new Set<string>() },
  }));

describe('the work of a group', () => {
  it('is shared out in equal parts, those of a connector over all members', () => {
    const members = [member('a'), member('b'), member('c')];
    expect(shown(assign(members, work({ x: 3, y: 4 }), options))).toEqual({
      a: ['x-0', 'y-0', 'y-3'],
      b: ['x-1', 'y-1'],
      c: ['x-2', 'y-2'],
    });
  });

  it('is the same in whatever order the members are told', () => {
    const members = [member('b', ['x-0']), member('a', ['x-1']), member('c')];
    const one = shown(assign(members, work({ x: 5 }), options));
    expect(shown(assign([...members].reverse(), work({ x: 5 }), options))).toEqual(one);
  });

  it('is let go of in one round, and given to another in the next', () => {
    const members = [member('a', ['x-0', 'x-1']), member('b', ['x-2', 'x-3']), member('c')];
    const first = assign(members, work({ x: 4 }), options);
    expect(shown(first)).toEqual({
      a: { tasks: ['x-1'], revoked: ['x-0'] },
      b: ['x-2', 'x-3'],
      c: [],
    });
    expect(shown(assign(settled(members, first), work({ x: 4 }), options))).toEqual({
      a: ['x-1'],
      b: ['x-2', 'x-3'],
      c: ['x-0'],
    });
  });

  it('stays with a member that is still letting go of it until it has ended', () => {
    const members = [member('a', ['x-0', 'x-1']), member('b', ['x-2', 'x-3']), member('c')];
    const first = shown(assign(members, work({ x: 4 }), options));
    expect(shown(assign(members, work({ x: 4 }), options))).toEqual(first);
  });

  it('goes on elsewhere at once when its member is gone', () => {
    const members = [member('a', ['x-0', 'x-1']), member('c', ['x-4', 'x-5'])];
    expect(shown(assign(members, work({ x: 6 }), options))).toEqual({
      a: ['x-0', 'x-1', 'x-2'],
      c: ['x-4', 'x-5', 'x-3'].sort(),
    });
  });

  it('ends where a connector is gone or has fewer tasks', () => {
    const members = [member('a', ['x-0', 'x-1', 'gone-0'])];
    expect(shown(assign(members, work({ x: 1 }), options))).toEqual({
      a: { tasks: ['x-0'], revoked: ['gone-0', 'x-1'] },
    });
  });

  it('is run by one of two members that both tell of it', () => {
    const members = [member('a', ['x-0']), member('b', ['x-0'])];
    expect(shown(assign(members, work({ x: 1 }), options))).toEqual({
      a: ['x-0'],
      b: { tasks: [], revoked: ['x-0'] },
    });
  });

  it('is taken by a name with hyphens as any other', () => {
    const members = [member('a', ['x-1-0']), member('b', ['x-0'])];
    expect(shown(assign(members, work({ x: 1, 'x-1': 1 }), options))).toEqual({ a: ['x-1-0'], b: ['x-0'] });
  });

  it('does not change while a member knows more of the config topic than the leader', () => {
    const members = [member('a', ['x-0', 'x-1'], { configOffset: 8 }), member('b')];
    const { assignments } = assign(members, work({ x: 2 }, 7), options);
    expect(assignments).toEqual(nothingChanges(members, leader));
    expect(shown({ assignments })).toEqual({ a: ['x-0', 'x-1'], b: [] });
    expect(assignments.get('a')?.error).toBe('behind');
    expect(assign(members, work({ x: 2 }, 8), options).assignments.get('a')?.error).toBe('none');
  });
});

describe('placement', () => {
  const sydney = (id: string, tasks: string[] = []) => member(id, tasks, { labels: { zone: 'sydney' } });

  it('keeps tasks where the labels are, and evens out what is left', () => {
    const members = [sydney('a'), member('b'), sydney('c')];
    const shares = assign(members, work({ free: 5, here: labelled(4, { zone: 'sydney' }) }), options);
    expect([...shares.assignments.values()].map(({ tasks }) => tasks.size)).toEqual([3, 3, 3]);
    expect([...(shares.assignments.get('b')?.tasks ?? [])].every((task) => task.startsWith('free'))).toBe(
      true,
    );
  });

  it('moves a task to make room for one that cannot run elsewhere', () => {
    const members = [sydney('a', ['free-0', 'free-1']), member('b', ['free-2'])];
    expect(shown(assign(members, work({ free: 3, here: labelled(1, { zone: 'sydney' }) }), options))).toEqual(
      {
        a: { tasks: ['free-1', 'here-0'], revoked: ['free-0'] },
        b: ['free-2'],
      },
    );
  });

  it('tells why nobody runs a connector', () => {
    const members = [sydney('a'), member('b')];
    const connectors = work({
      far: labelled(2, { zone: 'perth', mount: 'drop1' }),
      none: labelled(0, { zone: 'perth' }),
      here: labelled(1, { zone: 'sydney' }),
    });
    const { assignments, unassigned } = assign(members, connectors, options);
    expect(Object.fromEntries(unassigned)).toEqual({
      far: 'no worker of the group has the labels zone=perth, mount=drop1',
    });
    expect(shown({ assignments })).toEqual({ a: ['here-0'], b: [] });
  });

  it('takes a task from a member that has lost the label', () => {
    const members = [member('a', ['here-0']), sydney('b')];
    const first = assign(members, work({ here: labelled(1, { zone: 'sydney' }) }), options);
    expect(shown(first)).toEqual({ a: { tasks: [], revoked: ['here-0'] }, b: [] });
    expect(
      shown(assign(settled(members, first), work({ here: labelled(1, { zone: 'sydney' }) }), options)),
    ).toEqual({
      a: [],
      b: ['here-0'],
    });
  });
});

describe('a member with a group.instance.id', () => {
  const a = (id: string, tasks: string[] = []) => member(id, tasks, { instanceId: 'A' });
  const b = (id: string, tasks: string[] = []) => member(id, tasks, { instanceId: 'B' });
  const some = work({ x: 3, y: 3 });

  it('gets its own back when all come back at once', () => {
    const first = assign([a('a1'), b('b1')], some, options);
    const again = assign([b('0'), a('1')], some, { ...options, homes: first.homes });
    expect(shown(again)).toEqual({
      '0': [...(first.assignments.get('b1')?.tasks ?? [])],
      '1': [...(first.assignments.get('a1')?.tasks ?? [])],
    });
  });

  it('gets its own back from those who ran it meanwhile', () => {
    const first = assign([a('a'), b('b')], some, options);
    const own = [...(first.assignments.get('a')?.tasks ?? [])];
    const alone = assign(settled([b('b')], first), some, { ...options, homes: first.homes, nowMs: 20_000 });
    const members = [a('new'), ...settled([b('b')], alone)];
    const back = assign(members, some, { ...options, homes: alone.homes, nowMs: 40_000 });
    expect([...(back.assignments.get('b')?.revoked ?? [])]).toEqual(own);
    const last = assign(settled(members, back), some, { ...options, homes: back.homes, nowMs: 41_000 });
    expect([...(last.assignments.get('new')?.tasks ?? [])]).toEqual(own);
  });

  it('is forgotten five minutes after it was last there', () => {
    const first = assign([a('a'), b('b')], some, options);
    const later = assign([b('b')], some, { ...options, homes: first.homes, nowMs: 300_000 });
    expect([...later.homes.keys()]).toEqual(['B']);
  });
});

/** Members, some with labels, that run what they may come to run; and connectors, some of which need labels. */
const groups = fc
  .record({
    zones: fc.array(fc.constantFrom('', 'x', 'y'), { minLength: 1, maxLength: 8 }),
    connectors: fc.array(
      fc.record({ tasks: fc.nat(6), zone: fc.constantFrom('', '', 'x', 'y'), owners: fc.array(fc.nat(9)) }),
      { maxLength: 8 },
    ),
  })
  .map(({ zones, connectors }) => {
    const runs: string[][] = zones.map(() => []);
    const all: Record<string, ConnectorWork> = {};
    for (const [number, { tasks, zone, owners }] of connectors.entries()) {
      all[`c${number}`] = zone === '' ? { tasks, labels: new Map() } : labelled(tasks, { zone });
      for (const [task, owner] of owners.entries()) runs[owner]?.push(`c${number}-${task}`);
    }
    const members = zones.map((zone, index) =>
      member(`m${index}`, runs[index], { labels: zone === '' ? {} : { zone } }),
    );
    return { members, work: work(all) };
  });

const mayRun = (one: JoinedMember, { labels }: ConnectorWork) =>
  [...labels].every(([label, value]) => one.metadata.labels.get(label) === value);

describe('any work, for any group', () => {
  it('is given once, to who may run it, and not before another has let go of it', () => {
    fc.assert(
      fc.property(groups, ({ members, work }) => {
        const { assignments, unassigned } = assign(members, work, options);
        const owned = new Map(
          members.flatMap((m) => [...m.metadata.tasks].map((task) => [task, m.memberId])),
        );
        const given = new Map<string, string>();
        for (const one of members) {
          const { tasks, revoked } = assignments.get(one.memberId) as NonNullable<
            ReturnType<typeof assignments.get>
          >;
          for (const task of tasks) {
            expect(given.has(task)).toBe(false);
            given.set(task, one.memberId);
            expect(owned.get(task) ?? one.memberId).toBe(one.memberId);
          }
          for (const task of one.metadata.tasks) expect(tasks.has(task)).toBe(!revoked.has(task));
        }
        for (const [name, connector] of work.connectors) {
          const nobody = connector.tasks > 0 && !members.some((one) => mayRun(one, connector));
          expect(unassigned.has(name)).toBe(nobody);
          for (const task of taskNames(name, connector.tasks)) {
            const by = members.find(({ memberId }) => memberId === given.get(task));
            if (by) expect(mayRun(by, connector)).toBe(true);
            else if (!nobody) expect(owned.has(task)).toBe(true);
          }
        }
      }),
    );
  });

  it('is at rest after two rounds, and nothing moves for nothing', () => {
    fc.assert(
      fc.property(groups, ({ members, work }) => {
        const second = settled(members, assign(members, work, options));
        const third = settled(second, assign(second, work, options));
        const rest = assign(third, work, options);
        expect(settled(third, rest)).toEqual(third);
        expect([...rest.assignments.values()].every(({ revoked }) => revoked.size === 0)).toBe(true);
        // No task could go to a member that has less by two.
        const load = (one: JoinedMember) => one.metadata.tasks.size;
        for (const one of third) {
          for (const task of one.metadata.tasks) {
            const connector = work.connectors.get(task.slice(0, task.lastIndexOf('-'))) as ConnectorWork;
            for (const other of third.filter((other) => mayRun(other, connector)))
              expect(load(other)).toBeGreaterThanOrEqual(load(one) - 1);
          }
        }
      }),
    );
  });
});
