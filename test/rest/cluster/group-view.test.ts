import { Readable } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { GroupShown, Overview } from '../../../src/rest/console/messages.ts';
import { eventsIn } from '../../../src/rest/server-sent-events.ts';
import type { TapCounts, TappedRecord } from '../../../src/rest/tap/messages.ts';
import {
  ask,
  type GroupWorker,
  leaderAmong,
  startGroup,
  type WorkerGroup,
} from '../../integration/support/worker-group.ts';

/** Several processes each, and the machine may be busy. */
vi.setConfig({ testTimeout: 180_000 });

const PATIENCE = { timeout: 40_000, interval: 200 };
const HEADER = 'symbol,price\n';

const workersOf = async (url: string) => (await ask(url, 'GET', '/workers')).body as GroupShown;

/** What is told at a path of server-sent events from now on, by name, until the test ends. */
async function follow(url: string, path: string) {
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const { body, status } = await fetch(`${url}${path}`, {
    signal: end.signal,
    headers: { accept: 'text/event-stream' },
  });
  expect(status).toBe(200);
  const told = new Map<string, unknown[]>();
  const read = async () => {
    for await (const { name, text } of eventsIn(Readable.fromWeb(body as never)))
      told.set(name, [...(told.get(name) ?? []), JSON.parse(text)]);
  };
  read().catch(() => {});
  return {
    all: <T>(name: string) => (told.get(name) ?? []) as T[],
    last: <T>(name: string) => told.get(name)?.at(-1) as T | undefined,
  };
}

/** A feed whose tasks are spread over the workers, and each file of which is some other task's. */
async function runFeed({ workers, folder, config }: WorkerGroup, options = {}) {
  const { url } = workers[0] as GroupWorker;
  await ask(url, 'POST', '/connectors', { name: folder.name, config: { ...config, ...options } });
  const isRunning = async () => {
    const { body } = await ask(url, 'GET', `/connectors/${folder.name}/status`);
    return body.tasks?.map(({ state }: { state: string }) => state).join();
  };
  await expect.poll(isRunning, PATIENCE).toBe('RUNNING,RUNNING,RUNNING,RUNNING');
}

async function drop({ folder }: WorkerGroup, from: number, files: number) {
  for (let number = from; number < from + files; number++)
    await folder.write(`drop/${number}.csv`, `${HEADER}S${number},${number}\nS${number},n/a\n`);
}

const CHECKED = {
  transforms: 'parse,validate,route',
  'transforms.validate.type': 'schema',
  'transforms.validate.fields.symbol': 'string',
  'transforms.validate.fields.price': 'double',
  'errors.tolerance': 'all',
};

test('any worker shows the group, who has what, and the rows of feeds wherever they are read', async () => {
  const group = await startGroup(3);
  const { folder, workers } = group;
  const { leader } = await leaderAmong(workers);
  await runFeed(group, { ...CHECKED, 'errors.deadletterqueue.topic.name': `${folder.name}.dlq` });
  await drop(group, 0, 24);
  const ids = workers.map(({ url }) => new URL(url).host).sort();
  for (const { url } of workers) {
    const console = await follow(url, `/console/events?feed=${folder.name}`);
    const feed = () => console.last<Overview>('overview')?.feeds.find(({ name }) => name === folder.name);
    await expect
      .poll(() => feed()?.rows, PATIENCE)
      .toEqual({ read: 48, produced: 24, filtered: 0, rejected: 24 });
    expect(
      feed()
        ?.tasks.map(({ workerId }) => workerId)
        .toSorted(),
    ).toEqual(expect.arrayContaining(ids));
    const detail = () =>
      console.last<{ topics: object; rejections: object[]; stages: { name: string; rejected: number }[] }>(
        'feed',
      );
    await expect
      .poll(() => detail()?.topics, PATIENCE)
      .toEqual({ [folder.name]: 24, [`${folder.name}.dlq`]: 24 });
    expect(detail()?.rejections).toHaveLength(24);
    expect(detail()?.stages.find(({ name }) => name === 'validate')?.rejected).toBe(24);
    const shown = console.last<Overview>('overview')?.group?.workers ?? [];
    expect(shown.map(({ workerId }) => workerId).toSorted()).toEqual(ids);
    expect(shown.filter(({ leads }) => leads).map((one) => one.url)).toEqual([leader.url]);
    expect(shown.filter(({ isAsked }) => isAsked).map((one) => one.url)).toEqual([url]);
    expect(shown.flatMap(({ tasks }) => tasks)).toHaveLength(4);
    expect(shown.map(({ trouble }) => trouble)).toEqual([null, null, null]);
    const lines = console.all<{ message: string; workerId: string | null }[]>('log').flat();
    const tellers = lines
      .filter(({ message }) => message === 'file completed')
      .map(({ workerId }) => workerId);
    expect(new Set(tellers).size).toBeGreaterThan(1);
    expect(await ask(url, 'GET', `/connectors/${folder.name}/files`)).toMatchObject({ status: 200 });
  }
});

test('a worker that is suspended is told as one that does not answer, and holds up nobody', async () => {
  const group = await startGroup(3, { 'session.timeout.ms': '30000' });
  const { workers } = group;
  const { leader, followers } = await leaderAmong(workers);
  const [suspended] = followers as [typeof leader];
  await runFeed(group);
  const tap = await follow(leader.url, `/connectors/${group.folder.name}/tap`);
  const silent = async () => {
    const begun = performance.now();
    const { workers: shown } = await workersOf(leader.url);
    const one = shown.find(({ url }) => url === suspended.url);
    return {
      trouble: one === undefined ? 'it is not shown' : one.trouble,
      isSoon: performance.now() - begun < 5_000,
    };
  };
  await expect.poll(silent, PATIENCE).toEqual({ trouble: null, isSoon: true });
  // While work is shared out nobody is told of who has joined.
  const isSharingOut = async () => (await workersOf(leader.url)).isSharingOut;
  await expect.poll(isSharingOut, PATIENCE).toBe(false);
  suspended.daemon.signal('SIGSTOP');
  onTestFinished(() => suspended.daemon.signal('SIGCONT'));
  await expect.poll(silent, PATIENCE).toEqual({ trouble: 'nothing came within 3 s', isSoon: true });
  const { host } = new URL(suspended.url);
  await expect
    .poll(() => tap.last<TapCounts>('counts')?.silent, PATIENCE)
    .toEqual([`${host}: nothing came within 3 s`]);
  const console = await follow(leader.url, '/console/events');
  await expect.poll(() => console.all('overview').length, PATIENCE).toBeGreaterThan(3);
  suspended.daemon.signal('SIGCONT');
  await expect.poll(silent, PATIENCE).toEqual({ trouble: null, isSoon: true });
  await expect.poll(() => tap.last<TapCounts>('counts')?.silent, PATIENCE).toEqual([]);
});

test('a tap shows records wherever they pass, also after their task has moved', async () => {
  const group = await startGroup(2);
  const { folder, workers } = group;
  const { leader, followers } = await leaderAmong(workers);
  const [other] = followers as [typeof leader];
  await runFeed(group);
  const tap = await follow(leader.url, `/connectors/${folder.name}/tap?stage=parse`);
  const counts = () => tap.last<TapCounts>('counts');
  await expect.poll(() => counts()?.state, PATIENCE).toBe('RUNNING');
  let dropped = 0;
  /** The tasks whose records are seen from now on; the first of them may pass before the tap is everywhere. */
  const tasksSeen = () => {
    const from = tap.all('record').length;
    return async () => {
      await drop(group, dropped, 4);
      dropped += 4;
      const seen = tap.all<TappedRecord>('record').slice(from);
      return [...new Set(seen.map(({ task }) => task))].sort();
    };
  };
  await expect.poll(tasksSeen(), PATIENCE).toEqual([0, 1, 2, 3]);
  await expect.poll(() => counts()?.rows ?? 0, PATIENCE).toBeGreaterThan(4);
  await other.daemon.stop();
  await expect.poll(tasksSeen(), PATIENCE).toEqual([0, 1, 2, 3]);
  expect(counts()?.silent).toEqual([]);
});

test('a level of a logger is set in all workers, whichever is asked, and is over when one starts again', async () => {
  const group = await startGroup(2);
  const { leader, followers } = await leaderAmong(group.workers);
  const [follower] = followers as [typeof leader];
  const levelAt = async (url: string) =>
    (await ask(url, 'GET', '/admin/loggers/connector.trades')).body.level as string | undefined;
  for (const [asked, level] of [
    [follower, 'DEBUG'],
    [leader, 'WARN'],
  ] as const) {
    const path = '/admin/loggers/connector.trades?scope=cluster';
    expect(await ask(asked.url, 'PUT', path, { level: level.toLowerCase() })).toMatchObject({
      status: 204,
      body: null,
    });
    for (const { url } of group.workers) await expect.poll(() => levelAt(url), PATIENCE).toBe(level);
  }
  expect(
    await ask(follower.url, 'PUT', '/admin/loggers/root?scope=cluster', { level: 'LOUD' }),
  ).toMatchObject({
    status: 404,
    body: { message: "invalid log level 'LOUD'." },
  });
  expect(await ask(follower.url, 'PUT', '/admin/loggers/connector.trades', { level: 'ERROR' })).toMatchObject(
    {
      body: ['connector.trades'],
    },
  );
  expect([await levelAt(follower.url), await levelAt(leader.url)]).toEqual(['ERROR', 'WARN']);
  const added = await group.start();
  expect(await levelAt(added.url)).toBeUndefined();
});
