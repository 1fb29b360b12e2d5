import { expect, test } from 'vitest';
import { valuesIn } from '../support/read-topic.ts';
import { ask, type GroupWorker, startGroup } from '../support/worker-group.ts';

const PATIENCE = { timeout: 40_000, interval: 100 };

interface Status {
  readonly connector: { readonly state: string };
  readonly tasks: readonly { readonly id: number; readonly state: string; readonly worker_id: string }[];
}

const fileOf = (from: number, rows: number) =>
  ['symbol,price', ...Array.from({ length: rows }, (_, row) => `S${from + row},1`), ''].join('\n');

test('the tasks of a feed are shared by three workers, and go on elsewhere when one is killed', {
  timeout: 120_000,
}, async () => {
  const { bootstrapServers, folder, workers, config } = await startGroup(3);
  const [first, second, third] = workers as [GroupWorker, GroupWorker, GroupWorker];
  await expect
    .poll(
      async () => (await ask(second.url, 'POST', '/connectors', { name: folder.name, config })).status,
      PATIENCE,
    )
    .toBe(201);
  const states = async (url: string): Promise<Status> =>
    (await ask(url, 'GET', `/connectors/${folder.name}/status`)).body;
  const owners = async (url: string) =>
    new Set(
      (await states(url)).tasks?.filter(({ state }) => state === 'RUNNING').map((one) => one.worker_id),
    );
  for (const { url } of workers) await expect.poll(async () => (await owners(url)).size, PATIENCE).toBe(3);

  for (let file = 0; file < 8; file++) await folder.write(`drop/${file}.csv`, fileOf(file * 100, 100));
  await expect.poll(async () => (await valuesIn(bootstrapServers, folder.name)).length, PATIENCE).toBe(800);

  await third.daemon.kill();
  for (let file = 8; file < 16; file++) await folder.write(`drop/${file}.csv`, fileOf(file * 100, 100));
  await expect.poll(async () => (await valuesIn(bootstrapServers, folder.name)).length, PATIENCE).toBe(1600);
  for (const { url } of [first, second])
    await expect.poll(async () => (await owners(url)).size, PATIENCE).toBe(2);
  const values = await valuesIn(bootstrapServers, folder.name);
  expect(new Set(values.map((value) => JSON.stringify(value))).size).toBe(1600);
});
