import { expect, onTestFinished, test } from 'vitest';
import type { WorkerConfig } from '../../../src/config/worker-config.ts';
import { readToEnd } from '../../../src/kafka/reader/topic-reader.ts';
import { targetRecord } from '../../../src/offsets/stored-connectors.ts';
import { LeaderRecords } from '../../../src/runtime/cluster/leader-records.ts';
import { testClient } from '../../kafka/support.ts';
import { groupWorker, startedFollower } from './group-support.ts';

const NOT_LEADER = { code: 'NOT_LEADER' };

/** A worker that may lead, and counts how often it was shut out. */
async function candidate(worker: WorkerConfig) {
  const client = testClient();
  const told = { isSure: true, shutOut: 0 };
  const follower = await startedFollower(client, worker);
  const records = new LeaderRecords({
    ...{ client, worker, follower },
    isSure: () => told.isSure,
    onFenced: () => told.shutOut++,
  });
  onTestFinished(async () => {
    await records.close();
    await follower.stop();
  });
  const write = (name: string) => records.write([targetRecord(name, 'PAUSED')]);
  return { records, follower, told, write };
}

/** Of which connectors something was written, in order. */
async function written({ configStorageTopic }: WorkerConfig): Promise<string[]> {
  const names: string[] = [];
  await readToEnd(testClient(), configStorageTopic, ({ key }) =>
    names.push(String(key).split('-').at(-1) ?? ''),
  );
  return names;
}

test('a leader knows by its own reading what it has written', async () => {
  const leader = await candidate(groupWorker());
  await leader.records.lead();
  await Promise.all(['a', 'b', 'c'].map(leader.write));
  expect([...leader.follower.stored.targets.keys()]).toEqual(['a', 'b', 'c']);
});

test('one that another has shut out writes nothing more, is told, and may lead again', async () => {
  const worker = groupWorker();
  const [former, next] = [await candidate(worker), await candidate(worker)];
  await former.records.lead();
  await former.write('a');
  await next.records.lead();
  await expect(former.write('b')).rejects.toMatchObject(NOT_LEADER);
  expect(former.told.shutOut).toBe(1);
  await expect(former.write('c')).rejects.toMatchObject(NOT_LEADER);
  await next.write('d');
  expect(next.told.shutOut).toBe(0);

  await former.records.lead();
  await former.write('e');
  await expect(next.write('f')).rejects.toMatchObject(NOT_LEADER);
  expect(next.told.shutOut).toBe(1);
  expect(await written(worker)).toEqual(['a', 'd', 'e']);
});

test('one that leads no more ends what it is writing, and leaves nothing open for which others would wait', async () => {
  const worker = groupWorker();
  const leader = await candidate(worker);
  await leader.records.lead();
  const write = leader.write('a');
  await new Promise((resolve) => setImmediate(resolve));
  leader.records.follow();
  await write;
  await leader.records.close();
  const { configStorageTopic } = worker;
  await readToEnd(testClient(), configStorageTopic, () => {}, { timeoutMs: 5_000 });
  expect(await written(worker)).toEqual(['a']);
});

test('one that cannot be sure that it leads neither writes nor shuts out who does', async () => {
  const worker = groupWorker();
  const [leader, woken] = [await candidate(worker), await candidate(worker)];
  await leader.records.lead();
  woken.told.isSure = false;
  await expect(woken.records.lead()).rejects.toMatchObject(NOT_LEADER);
  await expect(woken.write('a')).rejects.toMatchObject(NOT_LEADER);
  await leader.write('b');
  leader.told.isSure = false;
  await expect(leader.write('c')).rejects.toMatchObject(NOT_LEADER);
  leader.told.isSure = true;
  await leader.write('d');
  expect(await written(worker)).toEqual(['b', 'd']);
});

test('one that leads no more, and one that never did, writes nothing', async () => {
  const worker = groupWorker();
  const [former, next] = [await candidate(worker), await candidate(worker)];
  await expect(former.write('a')).rejects.toMatchObject(NOT_LEADER);
  await former.records.lead();
  former.records.follow();
  await next.records.lead();
  await expect(former.write('b')).rejects.toMatchObject(NOT_LEADER);
  await next.write('c');
  expect([former.told.shutOut, next.told.shutOut]).toEqual([0, 0]);
  expect(await written(worker)).toEqual(['c']);
});
