import { expect, test, vi } from 'vitest';
import { joinAsConnect } from '../kafka/group/connect-worker.ts';
import { newGroup, startWorkers } from '../kafka/group/test-worker.ts';
import { bootstrapServers, newFeed } from './support/loaded-feed.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

/** What `doctor` says of a worker's group and its session. */
async function aboutGroup(
  groupId: string,
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly lines: readonly string[]; readonly code: number | null }> {
  const feed = await newFeed();
  await feed.folder.worker({
    'bootstrap.servers': bootstrapServers,
    'offset.storage.topic': feed.offsetTopic,
    'group.id': groupId,
    listeners: 'http://127.0.0.1:8083',
    ...more,
  });
  const { stdout, code } = await feed.run('doctor', '--worker', 'worker.yaml');
  const lines = stdout.split('\n').filter((line) => /(group\.id|session\.timeout\.ms):/.test(line));
  return { lines: lines.map((line) => line.trim()), code };
}

test('a worker that may join its group is told who is there', async () => {
  const group = newGroup();
  const session =
    "✓ session.timeout.ms: 6,000; the brokers' group.min.session.timeout.ms and group.max.session.timeout.ms are 6,000 and 1,800,000";
  expect(await aboutGroup(group.groupId)).toEqual({
    lines: [`✓ group.id: no worker is in the group ${group.groupId} now`, session],
    code: 0,
  });
  await startWorkers(group, 'anna', 'ben');
  const { lines } = await aboutGroup(group.groupId);
  expect(lines).toContain(`✓ group.id: 2 workers in the group ${group.groupId}, led by http://anna:8083`);
});

test('a session that the brokers do not take is a mistake', async () => {
  const { lines, code } = await aboutGroup(newGroup().groupId, {
    'session.timeout.ms': '3000',
    'heartbeat.interval.ms': '1000',
  });
  expect(lines).toContain(
    "✗ session.timeout.ms: got 3,000, but the brokers' group.min.session.timeout.ms and group.max.session.timeout.ms are 6,000 and 1,800,000: set it between them",
  );
  expect(code).toBe(2);
});

test("a group of Kafka Connect's workers is a mistake", async () => {
  const { groupId } = newGroup();
  await joinAsConnect(groupId);
  const { lines, code } = await aboutGroup(groupId);
  expect(lines[0]).toMatch(
    /^✗ group\.id: Group "\S+" is not one of Headrace's workers: its members .* "connect", and speak "sessioned"/,
  );
  expect(code).toBe(2);
});
