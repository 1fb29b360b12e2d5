import { expect, test, vi } from 'vitest';
import { startRestDaemon } from '../../rest/rest-daemon.ts';
import { uniqueName } from '../../support/stack.ts';
import { CTRL, HAS_TERMINALS, onTerminal } from '../support/on-terminal.ts';
import { headrace } from '../support/run-command.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const top = (...args: readonly string[]) => headrace(['top', ...args], { cwd: import.meta.dirname });

async function daemonWith(name: string) {
  const feeds = [{ name, 'errors.tolerance': 'all', 'errors.deadletterqueue.topic.name': `${name}.dlq` }];
  const daemon = await startRestDaemon(feeds, { 'drop/a.csv': 'symbol,price\nBHP,1\nRIO,abc\n' });
  await daemon.daemon.waitFor('file completed');
  return daemon;
}

test('top prints what is now where the output is no terminal, as a table or as JSON', async () => {
  const name = uniqueName('top');
  const { url } = await daemonWith(name);
  const table = await top('--url', url);
  expect(table.code).toBe(0);
  const [titles, feed] = table.stdout.split('\n').map((line) => line.trim().split(/\s{2,}/));
  expect(titles?.slice(0, 3)).toEqual(['feed', 'state', 'rows/s']);
  expect(feed?.slice(0, 2)).toEqual([name, 'RUNNING']);
  const { stdout } = await top('--url', url, '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    worker: { mayChange: true },
    feeds: [{ name, state: 'RUNNING', rows: { read: 2, produced: 1, filtered: 0, rejected: 1 } }],
  });
});

test('top tells where no worker answers', async () => {
  const { code, stderr } = await top('--url', 'http://127.0.0.1:1');
  expect(code).toBe(4);
  expect(stderr).toMatch(/^--url: no worker answers at http:\/\/127\.0\.0\.1:1: /);
});

test.skipIf(!HAS_TERMINALS)(
  'on a terminal top draws each second, waits for a worker that is gone, and ends with q or Ctrl-C',
  async () => {
    const name = uniqueName('top');
    const { url, daemon } = await daemonWith(name);
    const first = onTerminal(['top', '--url', url]);
    await first.shown(new RegExp(`${name} +RUNNING`));
    await first.shown(/info file completed/);
    first.type('q');
    expect((await first.ended).code).toBe(0);
    const second = onTerminal(['top', '--url', url]);
    await second.shown(new RegExp(`${name} +RUNNING`));
    await daemon.kill();
    await second.shown(/the worker does not answer; it is asked again each second/);
    second.type(CTRL.c);
    expect((await second.ended).code).toBe(0);
  },
);
