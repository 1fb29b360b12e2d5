import { expect, test, vi } from 'vitest';
import { ask, leaderAmong, startGroup } from '../../integration/support/worker-group.ts';
import { headrace } from '../support/run-command.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 180_000 });

const PATIENCE = { timeout: 60_000, interval: 200 };

const wordsOf = (text: string) => text.split('\n').map((line) => line.split(/ {2,}/));

test('group show tells who is there, who leads and has what, and why nobody has a task; leave puts one out', async () => {
  const group = await startGroup(0);
  const { folder, config } = group;
  const workers = [
    await group.start({ HEADRACE_GROUP_INSTANCE_ID: 'pod-0', HEADRACE_WORKER_LABELS: 'zone=a' }),
    await group.start({ HEADRACE_GROUP_INSTANCE_ID: 'pod-1', HEADRACE_WORKER_LABELS: 'zone=b' }),
  ] as const;
  const run = (...args: string[]) =>
    headrace(['group', ...args, '--worker', 'worker.yaml'], { cwd: folder.path });
  const { leader } = await leaderAmong(workers);
  await ask(leader.url, 'POST', '/connectors', { name: 'shared', config: { ...config, 'tasks.max': '2' } });
  const elsewhere = { ...config, 'input.path': folder.at('other'), 'tasks.max': '1', placement: 'zone=c' };
  await ask(leader.url, 'POST', '/connectors', { name: 'elsewhere', config: elsewhere });
  await expect.poll(async () => (await run('show')).stdout, PATIENCE).toMatch(/elsewhere-0 {2,}.*zone=c/);

  const shown = await run('show');
  expect(shown.code).toBe(1);
  const [first, second] = workers;
  const lines = wordsOf(shown.stdout);
  expect(lines[0]).toEqual([`group ${folder.name}: 2 workers, led by ${leader.url}`]);
  expect(lines[2]).toEqual(['worker', 'name', 'address', 'answers', 'leads', 'tasks', 'labels']);
  const leads = (url: string) => (url === leader.url ? ['leads'] : []);
  for (const [url, name, zone] of [
    [first.url, 'pod-0', 'zone=a'],
    [second.url, 'pod-1', 'zone=b'],
  ] as const)
    expect(lines).toContainEqual([url, name, '127.0.0.1', 'yes', ...leads(url), '1', zone]);
  expect(lines.filter(([task]) => task?.startsWith('shared-')).map(([task]) => task)).toEqual([
    'shared-0',
    'shared-1',
  ]);

  const { stdout } = await run('show', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    group: folder.name,
    state: 'Stable',
    members: expect.arrayContaining([
      expect.objectContaining({
        url: first.url,
        instance: 'pod-0',
        labels: { zone: 'a' },
        tasks: [expect.any(String)],
      }),
    ]),
    unassigned: [{ connector: 'elsewhere', task: 0, reason: expect.stringContaining('zone=c') }],
  });

  const other = leader === first ? second : first;
  const status = await headrace(['status', '--url', other.url], { cwd: folder.path });
  const hosts = [first, second].map(({ url }) => new URL(url).host);
  expect(wordsOf(status.stdout)[0]).toEqual(['connector', 'task', 'state', 'worker', 'reason']);
  expect(wordsOf(status.stdout)).toContainEqual([
    'elsewhere',
    '0',
    'UNASSIGNED',
    'nobody',
    expect.stringContaining('zone=c'),
  ]);
  for (const host of hosts) expect(status.stdout).toMatch(new RegExp(`shared +[01] +RUNNING +${host}`));

  expect(status.stdout).toContain(`group ${folder.name}: 2 workers, led by ${new URL(leader.url).host}`);
  for (const host of hosts) expect(status.stdout).toMatch(new RegExp(`^${host} +yes +(leads +)?1 `, 'm'));
  expect(status.code).toBe(1);

  await ask(leader.url, 'DELETE', '/connectors/elsewhere');
  await expect.poll(async () => (await run('show')).code, PATIENCE).toBe(0);
  const follower = leader === first ? { name: 'pod-1', ...second } : { name: 'pod-0', ...first };
  await follower.daemon.kill();
  expect(await run('leave', follower.name)).toEqual({
    code: 0,
    stdout: '',
    stderr: `${follower.name} has left group ${folder.name}: its tasks go on in the others\n`,
  });
  await expect
    .poll(async () => wordsOf((await run('show')).stdout), PATIENCE)
    .toEqual(
      expect.arrayContaining([
        ['shared-0', leader.url],
        ['shared-1', leader.url],
      ]),
    );
  expect(await run('leave', 'pod-7')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^group \S+ has no worker "pod-7"; did you mean "?pod-/),
  });
});

test('a group that nobody is in, and a worker that is in none, are told', async () => {
  const { folder, bootstrapServers } = await startGroup(0);
  const run = (args: string[], env = {}) => headrace(['group', ...args], { cwd: folder.path, env });
  expect(await run(['show', '--worker', 'worker.yaml'])).toEqual({
    code: 1,
    stdout: '',
    stderr: `group ${folder.name} has no workers\n`,
  });
  expect(await run(['leave', 'pod-0', '--worker', 'worker.yaml'])).toMatchObject({
    code: 2,
    stderr: `group ${folder.name} has no worker "pod-0"; it has no workers\n`,
  });
  expect(await run(['show'], { HEADRACE_BOOTSTRAP_SERVERS: bootstrapServers })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('group.id: expected the name that workers share, got none'),
  });
});
