import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { headrace } from '../cli/support/run-command.ts';
import { type RestDaemon, startRestDaemon } from '../rest/rest-daemon.ts';
import { CHROMIUM_ARGUMENTS, chromiumPath } from '../support/chromium.ts';
import { uniqueName } from '../support/stack.ts';

const executablePath = chromiumPath();
if (executablePath === null) console.log('the console is not tested: there is no Chromium on this machine');
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const HEADER = 'symbol,price\n';
/** The beginning of a zip archive. */
const NOT_ROWS = 'PK\u0003\u0004';

const feed = (name: string, folder = 'trades') => ({
  name,
  'input.path': `./drop/${folder}`,
  'finished.path': './done',
  'error.path': './failed',
  'transforms.validate.type': 'schema',
  'transforms.validate.fields.symbol': 'string',
  'transforms.validate.fields.price': 'double',
  transforms: 'parse,validate,route',
  'errors.tolerance': 'all',
  'errors.deadletterqueue.topic.name': `${name}.dlq`,
});

describe.skipIf(executablePath === null)('the console', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: CHROMIUM_ARGUMENTS });
  });
  afterAll(() => browser.close());

  /** The page of a worker, which must not complain of anything. */
  async function open({ url }: RestDaemon, options: BrowserContextOptions = {}) {
    const page = await browser.newPage(options);
    page.setDefaultTimeout(15_000);
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) complaints.push(`asked ${request.url()}`);
    });
    onTestFinished(() => page.close());
    await page.goto(url);
    return { page, complaints };
  }

  test('shows feeds as they load, and what was rejected and why', async () => {
    const trades = uniqueName('trades');
    const quotes = uniqueName('quotes');
    const daemon = await startRestDaemon([feed(trades), feed(quotes, 'quotes')], {
      'drop/trades/a.csv': `${HEADER}BHP,1.5\nRIO,n/a\n`,
      'drop/quotes/b.csv': `${HEADER}BHP,1\nBHP,2\nBHP,3\n`,
    });
    const { page, complaints } = await open(daemon);
    const row = (name: string) => page.getByRole('row').filter({ hasText: name });
    await row(trades).getByText('RUNNING').waitFor();
    await row(trades).locator('[data-label=Rejected]', { hasText: '1' }).waitFor();
    await row(quotes).locator('[data-label=Rows]', { hasText: '3' }).waitFor();
    await page.getByRole('link', { name: trades }).click();
    await page.getByText('2 rows read since the worker began: 1 written, 0 filtered, 1 rejected').waitFor();
    expect(await page.getByRole('listitem').filter({ hasText: 'validate' }).innerText()).toContain(
      '1 rejected',
    );
    await page.getByRole('tab', { name: 'Rejected rows' }).click();
    await page.getByText('price: expected a double, got "n/a"').waitFor();
    await page.getByRole('tab', { name: 'Configuration' }).click();
    await page.getByText('The folder to watch').waitFor();
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.getByText('file completed').first().waitFor();
    expect(complaints).toEqual([]);
  });

  test('a failed file is tried again, once somebody has said yes', async () => {
    const trades = uniqueName('trades');
    const daemon = await startRestDaemon([feed(trades)], {
      'drop/trades/a.csv': NOT_ROWS,
    });
    const { page, complaints } = await open(daemon);
    await page.getByRole('link', { name: trades }).click();
    await page.getByRole('row').getByText('QUARANTINED').first().waitFor();
    await daemon.folder.write('failed/a.csv', `${HEADER}BHP,1.5\n`);
    await page.getByRole('row').getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Try a.csv again? It is put back where it came from.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('row').getByText('COMPLETED').waitFor();
    expect(complaints).toEqual([]);
  });

  test('a feed is paused and resumed, and not when somebody says no', async () => {
    const trades = uniqueName('trades');
    const daemon = await startRestDaemon([feed(trades)]);
    const { page } = await open(daemon);
    await page.getByRole('link', { name: trades }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await page.getByText('PAUSED').first().waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
    await page.getByText('RUNNING').first().waitFor();
    expect(await daemon.json(`/connectors/${trades}/status`)).toMatchObject({
      connector: { state: 'RUNNING' },
    });
  });

  test('a worker that is gone is told, and nothing can be asked of it', async () => {
    const trades = uniqueName('trades');
    const daemon = await startRestDaemon([feed(trades)]);
    const { page } = await open(daemon);
    await page.getByRole('link', { name: trades }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await daemon.daemon.kill();
    await page.getByRole('alert').getByText('The worker has not answered since').waitFor();
    expect(await page.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(true);
  });

  test('who may only read sees all, and can change nothing', async () => {
    const trades = uniqueName('trades');
    const { stdout: users } = await headrace(['user', 'ann'], {
      cwd: tmpdir(),
      input: 'sesame\n',
    });
    const daemon = await startRestDaemon([feed(trades)], { users }, { 'rest.users.file': './users' });
    const { page } = await open(daemon, { httpCredentials: { username: 'ann', password: 'sesame' } });
    await page.getByText('read only').waitFor();
    await page.getByRole('link', { name: trades }).click();
    await page.getByRole('tab', { name: 'Files' }).waitFor();
    for (const name of ['Pause', 'Restart', 'Try all failed files again'])
      expect(await page.getByRole('button', { name }).isDisabled(), name).toBe(true);
  });

  test.each(['light', 'dark'] as const)('nobody is shut out by how it looks: %s', async (colorScheme) => {
    const trades = uniqueName('trades');
    const daemon = await startRestDaemon([feed(trades)], {
      'drop/trades/a.csv': `${HEADER}BHP,1.5\nRIO,n/a\n`,
      'drop/trades/b.csv': NOT_ROWS,
    });
    for (const viewport of [
      { width: 1200, height: 800 },
      { width: 390, height: 844 },
    ]) {
      const { page, complaints } = await open(daemon, { colorScheme, viewport, bypassCSP: true });
      await page.getByRole('link', { name: trades }).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('link', { name: trades }).click();
      await page.getByRole('row').getByText('QUARANTINED').first().waitFor();
      for (const tab of ['Files', 'Rejected rows', 'Configuration', 'Log']) {
        await page.getByRole('tab', { name: tab }).click();
        expect(await violations(page), tab).toEqual([]);
      }
      await page.getByRole('button', { name: 'Pause' }).click();
      expect(await violations(page), 'dialog').toEqual([]);
      expect(complaints).toEqual([]);
    }
  });
});

/** What axe-core finds fault with. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.addScriptTag({ content: AXE });
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}
