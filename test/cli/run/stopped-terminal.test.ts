import { expect, test } from 'vitest';
import { FeedFolder } from '../../integration/support/feed-folder.ts';
import { uniqueName } from '../../support/stack.ts';
import { CTRL, HAS_TERMINALS, onTerminal } from '../support/on-terminal.ts';

test.runIf(HAS_TERMINALS)(
  'a worker whose terminal is stopped works on, and tells how many lines are missing when it goes on',
  async () => {
    const folder = await FeedFolder.make(uniqueName('terminal'));
    // Which never answers; each request that fails is a line.
    await folder.worker({ 'bootstrap.servers': '127.0.0.1:1', listeners: 'http://127.0.0.1:0' });
    await folder.feed();
    const terminal = onTerminal(['run', folder.at('feed.yaml'), '--worker', folder.at('worker.yaml')]);
    const address = await terminal.shown(/"address":"([^"]*)"/);
    terminal.type(CTRL.s);
    const lost = async () => {
      const metrics = await (await fetch(`${address}/metrics`)).text();
      return Number(/^headrace_log_lines_lost_total (\d+)$/m.exec(metrics)?.[1]);
    };
    await expect.poll(lost, { timeout: 20_000 }).toBeGreaterThan(1);
    terminal.type(CTRL.q);
    expect(Number(await terminal.shown(/"count":(\d+),.*"msg":"log lines lost"/))).toBeGreaterThan(1);
    terminal.type(CTRL.c);
    expect(await terminal.ended).toMatchObject({ code: 0 });
  },
);
