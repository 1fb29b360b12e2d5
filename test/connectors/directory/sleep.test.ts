import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import directory from '../../../connectors/directory/index.ts';
import type { WatchNote } from '../../../connectors/files/watching/watch-note.ts';
import type { Sleep } from '../../../src/plugin/index.ts';
import { DropFolder } from '../drop-folder.ts';
import { run, type TestContext, testContext } from '../support.ts';

interface Slept {
  readonly context: TestContext;
  /** What it left when it went to sleep; null when it did not. */
  readonly note: WatchNote | null;
  readonly until: string | null;
}

/** Runs a task until it sleeps, or has met `ends` files. @param isWanted others wait for its thread */
async function sleepIn(
  folder: DropFolder,
  options: { note?: WatchNote | null; isWanted?: boolean; patience?: number; config?: object } = {},
): Promise<Slept> {
  const { note: former = null, isWanted = true, patience = 10_000, config } = options;
  const context = testContext(folder.offsets);
  let slept: Pick<Slept, 'note' | 'until'> = { note: null, until: null };
  const sleep: Sleep = {
    note: former === null ? null : structuredClone(former),
    othersWait: isWanted ? AbortSignal.abort() : new AbortController().signal,
    begin: (note, until) => {
      slept = { note: structuredClone(note) as WatchNote, until };
    },
  };
  const task = await directory.createTask(folder.config({ inputFilePattern: '*.csv', ...config }), {
    ...context,
    sleep,
  });
  const endMs = performance.now() + patience;
  await run(task, context, folder.offsets, { until: () => performance.now() > endMs });
  return { context, ...slept };
}

/** Looks out for a task until something wakes it; without a note for one that has not begun yet. */
function lookOut(folder: DropFolder, note: WatchNote | null, config: object = {}) {
  const { offsets, ...context } = testContext(folder.offsets);
  const lookout = { ...context, taskCount: 1, ...(note === null && { offsets: async () => offsets }) };
  const values = folder.config({ inputFilePattern: '*.csv', ...config });
  const woken = directory.lookOut?.(values, lookout, structuredClone(note)) as Promise<WatchNote>;
  return { context, woken };
}

test('a task whose folder is empty sleeps at once, whoever waits for its thread', async () => {
  const { note, until } = await sleepIn(new DropFolder(), { isWanted: false });
  expect(until).toBe('woken');
  expect(note?.sightings).toEqual([]);
});

test('one that has delivered its files sleeps when others wait, and a file that comes wakes it', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', '1\n2\n');
  const { note, until } = await sleepIn(folder);
  expect(until).toBe('woken');
  const { woken } = lookOut(folder, note);
  folder.drop('b.csv', '3\n');
  const { sightings } = await woken;
  expect(sightings.map(({ path }) => path).sort()).toEqual(['a.csv', 'b.csv']);
});

test('what was appended to a delivered file wakes it, and only that is delivered', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', '1\n2\n');
  const { note } = await sleepIn(folder);
  const { woken } = lookOut(folder, note);
  appendFileSync(join(folder.input, 'a.csv'), '3\n');
  const again = await sleepIn(folder, { note: await woken });
  expect(again.until).toBe('woken');
  expect(folder.offsets.all().map(({ offset }) => offset.row)).toEqual([3]);
});

test('a file that was seen while the task slept need not be quiet anew', async () => {
  const folder = new DropFolder();
  const { note } = await sleepIn(folder);
  const { woken } = lookOut(folder, note);
  folder.drop('a.csv', '1\n');
  const left = await woken;
  const long = { ...left, sightings: left.sightings.map((one) => ({ ...one, sinceMs: one.sinceMs - 9e6 })) };
  const { until } = await sleepIn(folder, { note: long, config: { settleMs: 8e6 } });
  expect(until).toBe('woken');
  expect(folder.offsets.all()).toHaveLength(1);
});

test('a folder in which something waits for what only the task knows keeps it awake', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', '1\n');
  const marked = await sleepIn(folder, {
    config: { readyMarker: '{name}.done' },
    isWanted: false,
    patience: 500,
  });
  expect(marked.until).toBeNull();
});

test('what is passed over is told once, by the task or by who looks out for it', async () => {
  const folder = new DropFolder();
  folder.drop('a.txt', '');
  const passedOver = (context: Pick<TestContext, 'told'>) =>
    context.told.filter(({ message }) => message.includes('passed over')).map(({ fields }) => fields.file);
  const first = await sleepIn(folder);
  expect(passedOver(first.context)).toEqual(['a.txt']);
  const { context, woken } = lookOut(folder, first.note);
  folder.drop('b.txt', '');
  await expect.poll(() => passedOver(context)).toEqual(['b.txt']);
  folder.drop('a.csv', '1\n');
  const last = await sleepIn(folder, { note: await woken });
  expect(passedOver(last.context)).toEqual([]);
});

test('a task that has not begun sleeps beside files that are delivered and stay, until another one comes', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', '1\n');
  await sleepIn(folder);
  const { woken } = lookOut(folder, null);
  const first = await Promise.race([woken, new Promise((resolve) => setTimeout(resolve, 500, 'asleep'))]);
  expect(first).toBe('asleep');
  folder.drop('b.csv', '2\n');
  expect((await woken).sightings).toHaveLength(2);
});

test.for([
  ['was not delivered', {}, false],
  ['is delivered and is to be moved away', { finishedPath: '/nowhere' }, true],
] as const)('one in whose folder a file %s wakes up at once', async ([, config, isDelivered]) => {
  const folder = new DropFolder();
  folder.drop('a.csv', '1\n');
  if (isDelivered) await sleepIn(folder);
  const { woken } = lookOut(folder, null, config);
  expect((await woken).sightings).toHaveLength(1);
});
