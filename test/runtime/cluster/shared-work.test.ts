import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ConnectorRun } from '../../../src/offsets/stored-connectors.ts';
import { ConfigTopic, OwnConfigRecords } from '../../../src/runtime/worker/config-topic.ts';
import { testClient } from '../../kafka/support.ts';
import { claimRecords, feedOfTasks, groupWorker, Member, PlayedLeader, SOON } from './group-support.ts';

const SLOW = { timeout: 60_000 };
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
