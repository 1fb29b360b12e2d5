import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadWorkerConfig } from '../../../src/config/worker-file.ts';
import type { RuntimeEvent } from '../../../src/runtime/events/events.ts';
import { readFeedOutlines } from '../../../src/runtime/worker/feed-files.ts';
import { Herder } from '../../../src/runtime/worker/herder.ts';
import { offsetsTopic } from '../../../src/runtime/worker/internal-topics.ts';
import type { TaskState } from '../../../src/runtime/worker/states.ts';
import { takeOver } from '../../../src/runtime/worker/take-over.ts';
import { temporaryFolder } from '../../connectors/support.ts';
import { valuesIn } from '../../integration/support/read-topic.ts';
import { bootstrapServers, testClient, uniqueName } from '../../kafka/support.ts';

const GONE = { timeout: 20_000 };

/** A worker of this process with one feed, whose folder is empty. */
async function newWorker() {
  const root = temporaryFolder();
  const name = uniqueName('feed');
  const drop = join(root, 'drop');
  mkdirSync(drop);
  const path = join(root, 'feed.json');
  const feed = {
    name,
    'connector.class': 'directory',
    'input.path': './drop',
    'error.path': './failed',
    'settle.ms': 20,
    transforms: 'parse,route',
    'transforms.parse.type': 'csv',
    'transforms.route.type': 'route',
    'transforms.route.topic': name,
    'transaction.boundary.interval.ms': 20,
    'errors.retry.delay.ms': 100,
  };
  writeFileSync(path, JSON.stringify(feed));
  const worker = await loadWorkerConfig(null, {
    HEADRACE_BOOTSTRAP_SERVERS: bootstrapServers,
    HEADRACE_GROUP_ID: uniqueName('group'),
    HEADRACE_CONFIG_STORAGE_TOPIC: uniqueName('configs'),
    HEADRACE_OFFSET_STORAGE_TOPIC: uniqueName('offsets'),
    HEADRACE_OFFSET_STORAGE_PARTITIONS: '1',
  });
  const herder = new Herder({ worker });
  onTestFinished(() => herder.stop());
  const events: RuntimeEvent[] = [];
  herder.events.subscribe((event) => events.push(event));
  const feeds = await readFeedOutlines([path], worker);
  await herder.start(feeds);
  const count = (message: string) =>
    events.filter((event) => event.type === 'log' && event.message === message).length;
  const states = () =>
    events.flatMap((event) => (event.type === 'task.state' ? [event.state satisfies TaskState] : []));
  return {
    herder,
    worker,
    name,
    feed: feeds[0] as (typeof feeds)[0],
    events,
    states,
    drop: (file: string, rows: string) => writeFileSync(join(drop, file), `symbol\n${rows}`),
    /** Has a file tried again that was given up, with one row. */
    retry: (file: string, row: string) => {
      const failed = join(root, 'failed');
      mkdirSync(failed, { recursive: true });
      const path = `${file}.csv`;
      writeFileSync(join(failed, path), `symbol\n${row}\n`);
      herder.connectors.get(name)?.retry([{ path, target: join(failed, path) }]);
    },
    remove: () => rmSync(drop, { recursive: true }),
    task: () => herder.connectors.get(name)?.tasks[0],
    /** Resolves when the task has gone to sleep so many times. */
    asleep: (times = 1) => expect.poll(() => count('fell asleep'), GONE).toBe(times),
    rows: () => valuesIn(bootstrapServers, name),
  };
}

const rowsOf = (...symbols: string[]) => symbols.map((symbol) => JSON.stringify({ symbol }));

test('a task that sleeps is RUNNING, and wakes up for a file', async () => {
  const { asleep, drop, rows, states } = await newWorker();
  await asleep();
  expect(states()).toEqual(['RUNNING']);
  drop('a.csv', 'A\nB\n');
  await expect.poll(rows, GONE).toEqual(rowsOf('A', 'B'));
  expect(states()).toEqual(['RUNNING']);
});

test.for(['PAUSED', 'STOPPED'] as const)(
  'one that sleeps and is %s does not wake up, until it is to go on',
  async (target) => {
    const { herder, name, asleep, drop, rows, task, states } = await newWorker();
    await asleep();
    await herder.setTarget(name, target);
    await expect.poll(() => states().at(-1), GONE).toBe(target);
    drop('a.csv', 'A\n');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await rows()).toEqual([]);
    await herder.setTarget(name, 'STARTED');
    await expect.poll(rows, GONE).toEqual(rowsOf('A'));
    expect(task()?.state).toBe('RUNNING');
  },
);

test('one that sleeps and is restarted, or has a file to try again, begins and sleeps again', async () => {
  const { herder, name, asleep, drop, rows, task } = await newWorker();
  await asleep();
  await herder.restart(name, { includesTasks: true, onlyFailed: false, tasks: null });
  await asleep(2);
  herder.connectors.get(name)?.retry([{ path: 'a.csv', target: null }]);
  await asleep(3);
  expect(task()?.state).toBe('RUNNING');
  drop('a.csv', 'A\n');
  await expect.poll(rows, GONE).toEqual(rowsOf('A'));
});

test('a file that is to be tried again as its task falls asleep is', async () => {
  const { herder, name, retry, rows, asleep } = await newWorker();
  await asleep();
  const once = ['A'];
  herder.events.subscribe((event) => {
    const isNow = event.type === 'log' && event.message === 'fell asleep';
    for (const file of isNow ? once.splice(0) : []) retry(file, file);
  });
  await herder.restart(name, { includesTasks: true, onlyFailed: false, tasks: null });
  await expect.poll(rows, GONE).toEqual(rowsOf('A'));
});

test('a file that is to be tried again while its task begins, or looks around, is', async () => {
  const { herder, name, retry, rows } = await newWorker();
  const files = ['at once'];
  retry('at once', 'at once');
  for (let ms = 0; ms < 300; ms += 15) {
    await herder.restart(name, { includesTasks: true, onlyFailed: false, tasks: null });
    await new Promise((resolve) => setTimeout(resolve, ms));
    const file = `after ${ms} ms`;
    retry(file, file);
    files.push(file);
  }
  await expect.poll(async () => (await rows()).sort(), GONE).toEqual(rowsOf(...files).sort());
});

test('one that sleeps ends with its connector, and gives way to another configuration', async () => {
  const { herder, name, feed, asleep, drop, rows, states } = await newWorker();
  await asleep();
  await herder.put(feed, { file: feed.entries.origin.source });
  await asleep(2);
  await herder.remove(name);
  await expect.poll(() => states().at(-1), GONE).toBe('STOPPED');
  drop('a.csv', 'A\n');
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await rows()).toEqual([]);
});

test('one whose connector was taken over while it slept writes nothing, and says who has it', async () => {
  const { worker, name, asleep, drop, rows, task } = await newWorker();
  await asleep();
  const offsets = await offsetsTopic(testClient(), worker);
  await takeOver(testClient(), { worker, connector: name, tasks: 1, offsets });
  drop('a.csv', 'A\n');
  await expect.poll(() => task()?.state, GONE).toBe('FAILED');
  expect(task()?.error).toMatchObject({ code: 'KAFKA_FENCED' });
  expect(await rows()).toEqual([]);
});

test('a folder that goes away while its task sleeps is told, and watched again when it is back', async () => {
  const { asleep, remove, events, task } = await newWorker();
  await asleep();
  remove();
  const told = () => events.filter((event) => event.type === 'log' && event.level === 'error');
  await expect.poll(() => told().length, GONE).toBe(1);
  expect(told()[0]).toMatchObject({ message: 'folder cannot be read' });
  expect(task()?.state).toBe('RUNNING');
});
