import { expect, test } from 'vitest';
import { startProducer } from '../../kafka/support.ts';
import { valuesIn } from '../support/read-topic.ts';
import { ask as askWorker, type GroupWorker, leaderAmong, startGroup } from '../support/worker-group.ts';

const PATIENCE = { timeout: 60_000, interval: 200 };
const SLOW = { timeout: 180_000 };

interface Status {
  readonly connector: { readonly state: string };
  readonly tasks: readonly { readonly id: number; readonly state: string; readonly worker_id: string }[];
}

/** Workers of a group that share a feed of four tasks, whose name is the group's and the topic's. */
async function sharing(size: number) {
  const { folder, bootstrapServers, workers, start, config } = await startGroup(size);
  const { name } = folder;
  const ask = (worker: GroupWorker, method: string, path: string, body?: object) =>
    askWorker(worker.url, method, path.replace('NAME', name), body);
  const ownersToldBy = async (worker: GroupWorker): Promise<string[]> => {
    const { tasks } = (await ask(worker, 'GET', '/connectors/NAME/status')).body as Status;
    return tasks.flatMap(({ state, worker_id }) => (state === 'RUNNING' ? worker_id : []));
  };
  /** Each of those who are alive tells that so many tasks run, in all of them. */
  const runBy = async (alive: readonly GroupWorker[], tasks = 4) => {
    for (const worker of alive) {
      const count = async () => {
        const owners = await ownersToldBy(worker);
        return [owners.length, new Set(owners).size];
      };
      await expect.poll(count, PATIENCE).toEqual([tasks, alive.length]);
    }
  };
  const delivered = () => valuesIn(bootstrapServers, name);
  const created = { name, config: { ...config, 'errors.tolerance': 'none' } };
  expect(await ask(workers.at(-1) as GroupWorker, 'POST', '/connectors', created)).toMatchObject({
    status: 201,
  });
  await runBy(workers);
  return {
    ...{ folder, name, start, ask, runBy, delivered },
    workers: workers as [GroupWorker, GroupWorker, GroupWorker],
    /** Files of a hundred rows each. */
    async drop(from: number, files: number): Promise<void> {
      for (let file = from; file < from + files; file++) {
        const rows = Array.from({ length: 100 }, (_, row) => `S${file * 100 + row},1`);
        await folder.write(`drop/${file}.csv`, ['symbol,price', ...rows, ''].join('\n'));
      }
    },
    async areDelivered(rows: number): Promise<void> {
      await expect.poll(async () => (await delivered()).length, PATIENCE).toBe(rows);
      expect(new Set(await delivered()).size).toBe(rows);
    },
  };
}

test('the tasks of a feed go on elsewhere as workers are killed, whoever leads', SLOW, async () => {
  const { workers, runBy, drop, areDelivered } = await sharing(3);
  const [first, second, third] = workers;
  await drop(0, 8);
  await areDelivered(800);
  await first.daemon.kill();
  await drop(8, 4);
  await areDelivered(1200);
  await runBy([second, third]);
  await second.daemon.kill();
  await drop(12, 4);
  await areDelivered(1600);
  await runBy([third]);
});

test(
  'one that is suspended past its session has its tasks go on elsewhere, and shares in them when it wakes up',
  SLOW,
  async () => {
    const { workers, runBy, drop, areDelivered } = await sharing(2);
    const [first, second] = workers;
    second.daemon.signal('SIGSTOP');
    await drop(0, 8);
    await areDelivered(800);
    await runBy([first]);
    second.daemon.signal('SIGCONT');
    await runBy([first, second]);
    await drop(8, 8);
    await areDelivered(1600);
  },
);

test('one that is told to stop commits, leaves, and the others go on at once', SLOW, async () => {
  const { workers, runBy, drop, areDelivered } = await sharing(2);
  const [first, second] = workers;
  await drop(0, 8);
  expect(await second.daemon.stop()).toBe(0);
  await runBy([first]);
  await areDelivered(800);
});

test('what is asked of any worker is done by all of them', SLOW, async () => {
  const { workers, ask, runBy } = await sharing(2);
  const [first, second] = workers;
  const both = [first, second];
  const statesToldBy = async (worker: GroupWorker) => {
    const { connector, tasks } = (await ask(worker, 'GET', '/connectors/NAME/status')).body as Status;
    return [connector.state, ...tasks.map(({ state }) => state)];
  };
  const areTold = async (states: readonly string[]) => {
    for (const worker of both) await expect.poll(() => statesToldBy(worker), PATIENCE).toEqual(states);
  };
  const statusOf = async (worker: GroupWorker, method: string, path: string, body?: object) =>
    (await ask(worker, method, `/connectors/NAME${path}`, body)).status;

  for (const [worker, before, after] of [
    [first, 4, 2],
    [second, 2, 4],
  ] as const) {
    expect(await statusOf(worker, 'PUT', '/pause')).toBe(202);
    await areTold(['PAUSED', ...Array(before).fill('PAUSED')]);
    expect(await statusOf(worker, 'PUT', '/resume')).toBe(202);
    await runBy(both, before);
    expect(await statusOf(worker, 'PATCH', '/config', { 'tasks.max': after })).toBe(200);
    await runBy(both, after);
    expect(await statusOf(worker, 'POST', '/restart?includeTasks=true')).toBe(202);
    await runBy(both, after);
    expect(await statusOf(worker, 'PUT', '/stop')).toBe(204);
    await areTold(['STOPPED']);
    expect(await statusOf(worker, 'DELETE', '/offsets')).toBe(200);
    expect(await statusOf(worker, 'PUT', '/resume')).toBe(202);
    await runBy(both, after);
  }
  expect(await statusOf(first, 'DELETE', '')).toBe(204);
  for (const worker of both) {
    await expect.poll(async () => (await ask(worker, 'GET', '/connectors')).body, PATIENCE).toEqual([]);
  }
});

test('files are told by any worker, and tried again by the one that has them', SLOW, async () => {
  const { folder, workers, ask, drop, areDelivered } = await sharing(2);
  const [first, second] = workers;
  await folder.write('drop/0.csv', 'symbol,price\nA\n');
  const filesToldBy = async (worker: GroupWorker): Promise<{ state: string; error: string | null }[]> =>
    (await ask(worker, 'GET', '/connectors/NAME/files')).body;
  for (const worker of [first, second]) {
    const inTrouble = async () => (await filesToldBy(worker)).filter(({ error }) => error !== null);
    await expect.poll(async () => (await inTrouble()).length, PATIENCE).toBe(1);
  }
  const hasFailed = async () => JSON.stringify((await ask(second, 'GET', '/connectors/NAME/status')).body);
  await expect.poll(hasFailed, PATIENCE).toContain('FAILED');
  await drop(0, 6);
  expect(await ask(second, 'POST', '/connectors/NAME/files/retry', {})).toMatchObject({ status: 202 });
  await areDelivered(600);
  for (const worker of [first, second]) {
    const states = async () => new Set((await filesToldBy(worker)).map(({ state }) => state));
    await expect.poll(states, PATIENCE).toEqual(new Set(['COMPLETED']));
  }
});

test(
  'what a follower tells that it has failed is tried again at once, before its leader has heard of it',
  SLOW,
  async () => {
    const { folder, workers, ask, delivered, areDelivered } = await sharing(2);
    const { followers } = await leaderAmong(workers);
    const [follower] = followers as [GroupWorker];
    const { host } = new URL(follower.url);
    const files = Array.from({ length: 16 }, (_, file) => `drop/${file}.csv`);
    for (const file of files) await folder.write(file, 'symbol,price\nA\n');
    const failedHere = async () => {
      const { tasks } = (await ask(follower, 'GET', '/connectors/NAME/status')).body as Status;
      return tasks.flatMap(({ id, state, worker_id }) =>
        state === 'FAILED' && worker_id === host ? id : [],
      );
    };
    await expect.poll(failedHere, { ...PATIENCE, interval: 5 }).not.toEqual([]);
    const failed = await failedHere();
    const again = await ask(follower, 'POST', '/connectors/NAME/files/retry', {});
    expect(again).toMatchObject({ status: 202, body: { tasks: expect.arrayContaining(failed) } });
    for (const file of files) await folder.write(file, `symbol,price\n${file},1\n`);
    // Those that began again before all was mended have failed once more.
    const stillFailing = async () => {
      await ask(follower, 'POST', '/connectors/NAME/files/retry', {});
      return files.length - (await delivered()).length;
    };
    await expect.poll(stillFailing, { ...PATIENCE, interval: 2_000 }).toBe(0);
    await areDelivered(files.length);
  },
);

test(
  'a feed in a file gives way to the connector of the group that has its name, and says so',
  SLOW,
  async () => {
    const { folder, name, workers, start, runBy } = await sharing(1);
    await folder.feed({ name });
    const second = await start({}, [folder.at('feed.yaml')]);
    const { error } = await second.daemon.waitFor('connector failed');
    expect(JSON.stringify(error)).toContain(`name: ${name} is also a connector of the group ${name}`);
    await runBy([workers[0], second]);
  },
);

test(
  'a leader that another has shut out from the config topic leads again, or whoever leads then',
  SLOW,
  async () => {
    const { name, workers, ask, runBy } = await sharing(2);
    const [first, second] = workers;
    const stranger = await startProducer({ transactionalId: `${name}-configs` });
    await stranger.close();
    for (const [worker, how, state] of [
      [first, 'pause', 'PAUSED'],
      [second, 'resume', 'RUNNING'],
    ] as const) {
      await expect
        .poll(async () => (await ask(worker, 'PUT', `/connectors/NAME/${how}`)).status, PATIENCE)
        .toBe(202);
      const told = async () =>
        ((await ask(worker, 'GET', '/connectors/NAME/status')).body as Status).connector.state;
      await expect.poll(told, PATIENCE).toBe(state);
    }
    await runBy([first, second]);
  },
);
