import { expect, test } from 'vitest';
import { HeadraceError } from '../../../src/errors.ts';
import { expectShared, newGroup, SOON, startWorkers, TestWorker, WORK } from './test-worker.ts';

test('workers share the tasks, and a task that stays with its worker is never stopped', async () => {
  const [anna, ben, carl] = await startWorkers(newGroup(), 'anna', 'ben', 'carl');
  expect([anna, ben, carl].flatMap(({ losses }) => losses)).toEqual([]);
  for (const { assignment } of anna.changes)
    expect([...assignment.tasks, ...assignment.revoked]).toContain('a-0');
  expect([anna, ben, carl].map(({ isLeader }) => isLeader)).toEqual([true, false, false]);
  expect(ben.changes.at(-1)?.assignment).toMatchObject({ leaderUrl: 'http://anna:8083', configOffset: 7 });
});

test('no task is started anywhere before the worker that ran it has let it go', async () => {
  const group = newGroup();
  const [anna] = await startWorkers(group, 'anna');
  const { promise, resolve: letGo } = Promise.withResolvers<void>();
  anna.beforeRelease = () => promise;
  const ben = TestWorker.start('ben', group);
  await expect.poll(() => ben.changes.length, SOON).toBe(1);
  expect(ben.tasks).toEqual([]);
  expect(anna.tasks).toEqual(WORK);
  letGo();
  await expectShared([anna, ben]);
});

test('when there is more work, all join again and get it', async () => {
  const [anna, ben] = await startWorkers(newGroup(), 'anna', 'ben');
  anna.work.push('c-0', 'c-1');
  anna.member.rejoin();
  await expectShared([anna, ben], anna.work);
});

test('a worker that stops leaves the group: the others have its tasks at once', async () => {
  const [anna, ben] = await startWorkers(newGroup(), 'anna', 'ben');
  await anna.member.stop();
  await expectShared([ben]);
  expect(anna.tasks).toEqual([]);
  expect(ben.isLeader).toBe(true);
});

test('a worker that stops before it has joined leaves nobody waiting', async () => {
  const group = newGroup();
  const [anna] = await startWorkers(group, 'anna');
  const ben = TestWorker.start('ben', group);
  await ben.member.stop();
  const carl = TestWorker.start('carl', group);
  await expectShared([anna, carl]);
});

test('a leader that cannot share the work out yet tries again', async () => {
  const group = newGroup();
  const anna = new TestWorker('anna', group);
  let tries = 0;
  anna.beforeAssign = async () => {
    tries += 1;
    if (tries < 3) throw new HeadraceError('KAFKA_UNAVAILABLE', 'not now');
  };
  anna.member.start();
  await expectShared([anna]);
  expect(tries).toBe(3);
  await anna.member.stop();
});

test('a group of thousands of tasks with long names is shared out', async () => {
  const work = Array.from({ length: 6000 }, (_, index) => `${`feed-${index}-`.padEnd(100, 'x')}-0`);
  const group = { ...newGroup(), work };
  const anna = TestWorker.start('anna', group);
  await expect.poll(() => anna.tasks.length, SOON).toBe(6000);
  const ben = TestWorker.start('ben', group);
  await expect.poll(() => [anna, ben].map(({ tasks }) => tasks.length), SOON).toEqual([3000, 3000]);
});
