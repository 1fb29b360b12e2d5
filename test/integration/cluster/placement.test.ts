import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ask, startGroup } from '../support/worker-group.ts';

const PATIENCE = { timeout: 40_000, interval: 100 };

interface Task {
  readonly state: string;
  readonly worker_id: string;
  readonly trace?: string;
}

test('a feed runs where its labels are and its marker is seen, and nowhere while nobody sees it', {
  timeout: 180_000,
}, async () => {
  const { folder, workers, start, config } = await startGroup(1);
  const placed = await start({ HEADRACE_WORKER_LABELS: 'zone=sydney,mount=drop1' });
  const [other] = workers as [(typeof workers)[0]];
  const marker = folder.at('drop/.asx-drop');
  const tasks = async (): Promise<readonly Task[]> =>
    (await ask(other.url, 'GET', `/connectors/${folder.name}/status`)).body.tasks ?? [];
  const places = async () => new Set((await tasks()).map(({ state, worker_id }) => `${state} ${worker_id}`));

  const feed = { ...config, placement: 'mount=drop1', 'placement.marker': marker };
  const made = await ask(other.url, 'POST', '/connectors', { name: folder.name, config: feed });
  expect(made.status).toBe(201);
  await expect
    .poll(async () => (await tasks()).map(({ state, trace }) => `${state}: ${trace}`), PATIENCE)
    .toEqual(
      Array(4).fill(
        `UNASSIGNED: no worker of the group has the labels mount=drop1, placement.marker of ${folder.name}=.asx-drop`,
      ),
    );

  await folder.write('drop/.asx-drop', '');
  const there = new Set([`RUNNING ${new URL(placed.url).host}`]);
  await expect.poll(places, PATIENCE).toEqual(there);

  await rm(marker);
  await expect
    .poll(async () => (await tasks()).map(({ state }) => state), PATIENCE)
    .toEqual(Array(4).fill('UNASSIGNED'));

  await folder.write('drop/.asx-drop', '');
  await expect.poll(places, PATIENCE).toEqual(there);

  const anywhere = await ask(other.url, 'PUT', `/connectors/${folder.name}/config`, config);
  expect(anywhere.status).toBe(200);
  await expect.poll(async () => (await places()).size, PATIENCE).toBe(2);
});
