import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ask, leaderAmong, startGroup } from '../integration/support/worker-group.ts';
import { CHROMIUM_ARGUMENTS, chromiumPath } from '../support/chromium.ts';
import { violations } from './violations.ts';

const executablePath = chromiumPath();
/** Several processes each, and the machine may be busy. */
vi.setConfig({ testTimeout: 180_000 });

describe.skipIf(executablePath === null)('the console of a group', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: CHROMIUM_ARGUMENTS });
  });
  afterAll(() => browser.close());

  test('any worker shows who is there, who has what, what nobody has, and who does not answer', async () => {
    const group = await startGroup(3, { 'session.timeout.ms': '30000' });
    const { folder, workers, config } = group;
    const { leader, followers } = await leaderAmong(workers);
    const [asked, other] = followers as [typeof leader, typeof leader];
    const hostOf = ({ url }: typeof leader) => new URL(url).host;
    await ask(asked.url, 'POST', '/connectors', { name: 'shared', config });
    const nobodys = {
      ...config,
      'input.path': folder.at('other'),
      'tasks.max': '1',
      placement: 'mount=drop1',
    };
    await ask(asked.url, 'POST', '/connectors', { name: 'nobodys', config: nobodys });

    const page = await browser.newPage({ bypassCSP: true, viewport: { width: 1200, height: 800 } });
    onTestFinished(() => page.close());
    page.setDefaultTimeout(40_000);
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith(asked.url)) complaints.push(`asked ${request.url()}`);
    });
    await page.goto(asked.url);
    await page.getByRole('link', { name: 'Workers' }).click();
    await page.getByRole('heading', { name: `3 workers, led by ${hostOf(leader)}` }).waitFor();
    const row = (worker: typeof leader) => page.getByRole('row').filter({ hasText: hostOf(worker) });
    for (const worker of workers) {
      await row(worker).getByText('yes').waitFor();
      await row(worker)
        .locator('[data-label=Tasks]', { hasText: /shared-\d/ })
        .waitFor();
    }
    await row(asked).getByText('shows this page').waitFor();
    await page.getByRole('row', { name: 'nobodys-0' }).getByText('mount=drop1').waitFor();
    expect(await violations(page)).toEqual([]);

    await folder.write('drop/a.csv', 'symbol\nBHP\n');
    await folder.write('drop/b.csv', 'symbol\nRIO\n');
    await folder.write('drop/c.csv', 'symbol\nCSL\n');
    await page.goto(`${asked.url}/#/feeds/shared`);
    await page.getByText('3 rows read since the workers began: 3 written').waitFor();
    await page.getByRole('tab', { name: 'Tasks' }).click();
    for (const worker of workers) await row(worker).first().getByText('RUNNING').waitFor();
    expect(await violations(page)).toEqual([]);

    other.daemon.signal('SIGSTOP');
    onTestFinished(() => other.daemon.signal('SIGCONT'));
    await page
      .getByRole('status')
      .getByText(`${hostOf(other)} does not answer`)
      .waitFor();
    await row(other).first().getByText('does not answer').waitFor();
    await page.getByRole('status').getByRole('link', { name: 'workers' }).click();
    await row(other).getByText('nothing came within 3 s; it did at').waitFor();
    await row(asked).getByText('yes').waitFor();
    expect(await violations(page)).toEqual([]);
    other.daemon.signal('SIGCONT');
    await row(other).getByText('yes').waitFor();
    expect(complaints).toEqual([]);
  });
});
