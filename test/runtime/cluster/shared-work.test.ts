import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { newSessionKeyRecord } from '../../../src/offsets/session-key.ts';
import type { ConnectorRun } from '../../../src/offsets/stored-connectors.ts';
import { ConfigTopic, OwnConfigRecords } from '../../../src/runtime/worker/config-topic.ts';
import { KafkaProxies } from '../../chaos/proxied-kafka.ts';
import { Strike, SwitchGate } from '../../chaos/switch-gate.ts';
import { bootstrapServers, startProducer, testClient } from '../../kafka/support.ts';
import {
  claimRecords,
  feedOfTasks,
  groupWorker,
  Member,
  PlayedLeader,
  PlayedMember,
  SOON,
} from './group-support.ts';

const SLOW = { timeout: 60_000 };
const SYNC_GROUP = 14;
const HOUR_MS = 3_600_000;
const NEVER = new AbortController().signal;

const isGiven = (claim: Promise<string>) => Promise.race([claim.then(() => true), turn().then(() => false)]);

test(
  'no task is begun by a run of its connector that may be over, as the leader has told of what is not known here yet',
  SLOW,
  async () => {
    const worker = groupWorker();
    const records = new OwnConfigRecords(testClient(), worker);
    const configs = new ConfigTopic(records);
    const leader = await PlayedLeader.start(worker);
    const member = await Member.joined(worker, 'member');
    const countedNow = async (after: number): Promise<ConnectorRun> => {
      await configs.keep('feed', feedOfTasks('feed', 1), null, 1);
      await expect.poll(() => member.stored.get('feed')?.run?.version ?? -1, SOON).toBeGreaterThan(after);
      return member.stored.get('feed')?.run as ConnectorRun;
    };
    const former = await countedNow(-1);
    await records.write(claimRecords(worker, 'feed', former.version));
    await leader.tell(['feed-0'], former.version + 1);
    await expect.poll(() => member.tasks, SOON).toEqual(['feed-0']);
    expect(await member.work.claim('feed', former, NEVER)).toBe(`feed of run ${former.version}`);

    // Its claim takes three places in the topic, with the end of the transaction, and the next configuration four.
    await leader.tell(['feed-0'], former.version + 1 + 1 + 3 + 4);
    await expect.poll(() => member.work.generation, SOON).toBe(leader.generation);
    const again = member.work.claim('feed', former, NEVER);
    expect(await isGiven(again)).toBe(false);

    const next = await countedNow(former.version);
    await records.write(claimRecords(worker, 'feed', next.version));
    expect(await member.work.claim('feed', next, NEVER)).toBe(`feed of run ${next.version}`);
    expect(await isGiven(again)).toBe(false);
  },
);

test(
  'a leader that another has shut out from the config topic writes nothing, and leads again',
  SLOW,
  async () => {
    const worker = groupWorker();
    const leader = await Member.joined(worker, 'leader');
    await leader.work.configs.keep('a', feedOfTasks('a', 1), 'STARTED');
    await startProducer({ transactionalId: `${worker.groupId}-configs` });
    const shutOut = leader.work.configs.keep('b', feedOfTasks('b', 1), 'STARTED');
    await expect(shutOut).rejects.toMatchObject({ code: 'NOT_LEADER' });
    const again = () =>
      leader.work.configs.keep('c', feedOfTasks('c', 1), 'STARTED').then(
        () => 'kept',
        ({ code }) => code,
      );
    await expect.poll(again, SOON).toBe('kept');
    expect(leader.work.isLeader).toBe(true);
    await expect.poll(() => leader.tasks, SOON).toEqual(['a-0', 'c-0']);
    expect([...leader.stored.keys()]).toEqual(['a', 'c']);
  },
);

test(
  'a leader that knows less of the config topic than a member leaves all as it was, until it knows as much',
  SLOW,
  async () => {
    const worker = groupWorker();
    const leader = await Member.joined(worker, 'leader');
    await leader.work.configs.keep('feed', feedOfTasks('feed', 2), 'STARTED');
    await expect.poll(() => leader.tasks, SOON).toEqual(['feed-0', 'feed-1']);
    const ahead = PlayedMember.start(worker, { configOffset: 1_000, tasks: ['other-0'] });
    await expect.poll(() => ahead.joins, SOON).toBeGreaterThan(2);
    expect(ahead.changes).toEqual([]);
    expect(leader.tasks).toEqual(['feed-0', 'feed-1']);
    ahead.told = { configOffset: 0, tasks: [] };
    await expect.poll(() => leader.tasks.length, SOON).toBe(1);
    await expect.poll(() => ahead.changes.at(-1)?.assignment.tasks.size, SOON).toBe(1);
  },
);

test(
  'what is changed after the work was shared out, before it is known who leads, is shared out too',
  SLOW,
  async () => {
    const worker = groupWorker();
    const configs = new ConfigTopic(new OwnConfigRecords(testClient(), worker));
    const gate = new SwitchGate();
    const proxies = await KafkaProxies.before(bootstrapServers, gate);
    onTestFinished(() => proxies.close());
    const member = await Member.reading(worker, testClient({ bootstrapServers: proxies.bootstrapServers }));
    gate.current = new Strike('request', SYNC_GROUP, 1, async () => {
      await configs.keep('feed', feedOfTasks('feed', 2), 'STARTED', 2);
      await expect.poll(() => member.stored.has('feed'), SOON).toBe(true);
    });
    await member.work.join('http://member:8083');
    expect(member.work.isLeader).toBe(true);
    await expect.poll(() => member.tasks, SOON).toEqual(['feed-0', 'feed-1']);
  },
);

test('a change that could not be followed is followed again as a whole', SLOW, async () => {
  const member = await Member.joined(groupWorker(), 'member');
  let failures = 0;
  member.beforeFollowing = async () => {
    if (failures++ === 0) throw new Error('the disk is full');
  };
  await member.work.configs.keep('feed', feedOfTasks('feed', 2), 'STARTED');
  await expect.poll(() => member.tasks, SOON).toEqual(['feed-0', 'feed-1']);
  expect(member.stored.get('feed')?.run?.tasks).toBe(2);
  expect(member.logged).toContain('a change of the config topic could not be followed');
});

test('who leads first makes a key by which workers sign; who leads next goes on with it', SLOW, async () => {
  const worker = groupWorker();
  const first = await Member.joined(worker, 'first');
  await expect.poll(() => first.work.sessionKeys.length, SOON).toBe(1);
  const keys = [...first.work.sessionKeys];
  // What is kept after the key was made is written with it, or after it.
  await first.work.configs.keep('feed', feedOfTasks('feed', 1), 'STARTED');
  await first.work.stop();
  const next = await Member.joined(worker, 'next');
  await next.work.configs.keep('other', feedOfTasks('other', 1), 'STARTED');
  expect(next.work.sessionKeys).toEqual(keys);
});

test(
  'a key that comes to be an hour old while a worker leads gives way to another, and is known still',
  SLOW,
  async () => {
    const worker = groupWorker();
    const former = newSessionKeyRecord(Date.now() - HOUR_MS + 8_000);
    await new OwnConfigRecords(testClient(), worker).write([former]);
    const leader = await Member.joined(worker, 'leader');
    const [key] = leader.work.sessionKeys;
    expect(key).toBeDefined();
    const formerKey = JSON.parse(String(former.value)).key;
    await expect.poll(() => leader.work.sessionKeys[1]?.toString('base64'), SOON).toBe(formerKey);
  },
);
