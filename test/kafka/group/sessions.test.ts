import { expect, onTestFinished, test } from 'vitest';
import { KafkaProxies } from '../../chaos/proxied-kafka.ts';
import { Strike, SwitchGate } from '../../chaos/switch-gate.ts';
import { bootstrapServers, testClient } from '../support.ts';
import {
  expectShared,
  newGroup,
  SOON,
  startWorkers,
  TestWorker,
  type TestWorkerOptions,
} from './test-worker.ts';

const JOIN_GROUP = 11;
const SYNC_GROUP = 14;

/** Nothing comes through any more, in either direction, and the connections stay. */
const SILENT = { pass: () => new Promise<void>(() => {}) };

/** Starts a worker whose way to the brokers is the gate's. */
async function startBehind(
  gate: SwitchGate,
  name: string,
  options: TestWorkerOptions,
): Promise<{ readonly worker: TestWorker; readonly proxies: KafkaProxies }> {
  const proxies = await KafkaProxies.before(bootstrapServers, gate);
  const client = testClient({ bootstrapServers: proxies.bootstrapServers });
  const worker = TestWorker.start(name, { ...options, client });
  onTestFinished(() => proxies.close());
  return { worker, proxies };
}

test('a worker that is gone without a word: the others get its tasks once its session is over', async () => {
  const group = newGroup();
  const [anna] = await startWorkers(group, 'anna');
  const { worker: ben, proxies } = await startBehind(new SwitchGate(), 'ben', group);
  await expectShared([anna, ben]);
  proxies.close();
  await expectShared([anna]);
  expect(anna.losses).toEqual([]);
});

test('a worker that the coordinator does not answer ends its tasks before others get them, and comes back', async () => {
  const group = newGroup();
  const [anna] = await startWorkers(group, 'anna');
  const gate = new SwitchGate();
  const { worker: ben } = await startBehind(gate, 'ben', group);
  await expectShared([anna, ben]);
  expect(ben.member.isSure).toBe(true);
  const takenAtMs = Promise.withResolvers<number>();
  anna.onChange = () => anna.tasks.length > 3 && takenAtMs.resolve(performance.now());
  gate.current = SILENT;
  await expect.poll(() => ben.losses.length, SOON).toBe(1);
  expect(ben.tasks).toEqual([]);
  expect(ben.member.isSure).toBe(false);
  expect(ben.losses[0]?.reason).toContain('has not answered for as long as a session lasts');
  await expectShared([anna]);
  expect(ben.losses[0]?.atMs).toBeLessThan(await takenAtMs.promise);
  gate.current = new SwitchGate();
  await expectShared([anna, ben]);
  expect(ben.failure).toBeNull();
});

test('while all wait for one that is gone, the others keep their tasks for longer than their sessions last', async () => {
  const group = newGroup();
  const [anna] = await startWorkers(group, 'anna');
  const { worker: ben, proxies } = await startBehind(new SwitchGate(), 'ben', {
    ...group,
    sessionTimeoutMs: 15_000,
  });
  await expectShared([anna, ben]);
  proxies.close();
  const carl = TestWorker.start('carl', group);
  await expectShared([anna, carl]);
  expect(anna.losses).toEqual([]);
});

test.each([
  ['join', JOIN_GROUP],
  ['sync', SYNC_GROUP],
])('a %s whose answer is lost is asked again', async (_, apiKey) => {
  const group = newGroup();
  const [anna] = await startWorkers(group, 'anna');
  const gate = new SwitchGate();
  // The first join is answered with an id.
  const number = apiKey === JOIN_GROUP ? 2 : 1;
  gate.current = new Strike('answer', apiKey, number, (link) => link.cut());
  const { worker: ben } = await startBehind(gate, 'ben', group);
  await expectShared([anna, ben]);
  expect(anna.losses).toEqual([]);
});

test('a join whose answer does not come is asked again once heartbeats tell that it was given', async () => {
  const group = newGroup();
  const [anna] = await startWorkers(group, 'anna');
  const gate = new SwitchGate();
  const { worker: ben } = await startBehind(gate, 'ben', group);
  await expectShared([anna, ben]);
  gate.current = new Strike('answer', JOIN_GROUP, 1, SILENT.pass);
  anna.work.push('c-0', 'c-1');
  anna.member.rejoin();
  await expectShared([anna, ben], anna.work);
});

test('a worker whose coordinator stops to answer while it waits for the others asks again', async () => {
  const group = newGroup();
  const gate = new SwitchGate();
  const { worker: anna } = await startBehind(gate, 'anna', group);
  await expectShared([anna]);
  const hung = new Strike('answer', JOIN_GROUP, 1, SILENT.pass);
  gate.current = hung;
  anna.member.rejoin();
  await hung.struck.promise;
  gate.current = SILENT;
  await expect.poll(() => anna.losses.length, SOON).toBe(1);
  gate.current = new SwitchGate();
  await expectShared([anna]);
});

test('a worker that stops while no broker answers does not wait for long', async () => {
  const gate = new SwitchGate();
  const { worker: anna } = await startBehind(gate, 'anna', newGroup());
  await expectShared([anna]);
  gate.current = SILENT;
  await anna.member.stop();
  expect(anna.tasks).toEqual([]);
});
