import { tmpdir } from 'node:os';
import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { headrace } from '../cli/support/run-command.ts';
import { type RestDaemon, startRestDaemon } from '../rest/rest-daemon.ts';
import { CHROMIUM_ARGUMENTS, chromiumPath } from '../support/chromium.ts';
import { uniqueName } from '../support/stack.ts';
import { violations } from './violations.ts';

const executablePath = chromiumPath();
if (executablePath === null) console.log('the console is not tested: there is no Chromium on this machine');
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

  test('nothing can be told to a worker that is still starting, and the button says why', async () => {
    const trades = uniqueName('trades');
    const daemon = await startRestDaemon([feed(trades)], {}, { 'bootstrap.servers': '127.0.0.1:1' });
    const { page } = await open(daemon);
    await page.getByRole('link', { name: trades }).click();
    const pause = page.getByRole('button', { name: 'Pause' });
    await pause.waitFor();
    expect(await pause.isDisabled()).toBe(true);
    expect(await pause.getAttribute('title')).toBe('the worker is still starting');
  });

  test('records are shown as they pass a stage, from Start to Stop', async () => {
    const trades = uniqueName('trades');
    const daemon = await startRestDaemon([feed(trades)]);
    const { page, complaints } = await open(daemon, { bypassCSP: true });
    await page.getByRole('link', { name: trades }).click();
    await page.getByRole('tab', { name: 'Records' }).click();
    await page.getByLabel('After stage').selectOption('validate');
    await page.getByLabel('Where').fill('symbol=RIO');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByText('0 rows came by').waitFor();
    await daemon.folder.write('drop/trades/a.csv', `${HEADER}BHP,1.5\nRIO,2.5\n`);
    await page.getByRole('row').getByText('{"symbol":"RIO","price":2.5}').waitFor();
    await page.getByText('2 rows came by, 0 of them passed over').waitFor();
    expect(await page.getByText('"symbol":"BHP"').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Stop' }).click();
    await daemon.folder.write('drop/trades/b.csv', `${HEADER}RIO,9.5\n`);
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.getByText('file=b.csv').first().waitFor();
    expect(complaints).toEqual([]);
  });

  test('a tap that is refused says what the worker answers', async () => {
    const trades = uniqueName('trades');
    const daemon = await startRestDaemon([feed(trades)]);
    const { page } = await open(daemon);
    await page.getByRole('link', { name: trades }).click();
    await page.getByRole('tab', { name: 'Records' }).click();
    await page.getByLabel('Where').fill('symbol');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByText('where: expected field=value, such as symbol=BHP, got "symbol"').waitFor();
    await page.getByRole('button', { name: 'Start', exact: true }).waitFor();
  });

  test('of 10,000 files a page is shown, and those of a state or a name are found among all of them', async () => {
    const trades = uniqueName('trades');
    const names = Array.from({ length: 10_000 }, (_, number) => `drop/trades/${number}.csv`);
    const files = Object.fromEntries(names.map((name) => [name, `${HEADER}BHP,1.5\n`]));
    // They wait, as nothing is read of a feed in which they are too young to be settled.
    const daemon = await startRestDaemon([{ ...feed(trades), 'settle.ms': '600000' }], files);
    const { page, complaints } = await open(daemon);
    await page.getByRole('link', { name: trades }).click();
    const places = page.getByRole('navigation', { name: 'Pages of files' });
    await places.getByText('1 to 50 of 10,000 files').waitFor({ timeout: 60_000 });
    expect(await page.getByRole('row').count()).toBe(51);
    await places.getByRole('button', { name: 'Next' }).click();
    await places.getByText('51 to 100 of 10,000 files').waitFor();
    await page.getByLabel('Name has').fill('1234');
    await page.getByRole('row', { name: '1234.csv' }).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    const state = page.getByLabel('State');
    expect(await state.locator('option').allInnerTexts()).toEqual([
      'all',
      expect.stringMatching(/^\w+ \(1\)$/),
    ]);
    expect(complaints).toEqual([]);
  }, 120_000);

  test('files that are expected are shown with their days, times and states', async () => {
    const trades = uniqueName('trades');
    const daemon = await startRestDaemon([{ ...feed(trades), 'expect.by': '00:00 UTC' }]);
    const { page, complaints } = await open(daemon);
    await page.getByRole('link', { name: trades }).click();
    await page.getByRole('tab', { name: 'Expected' }).click();
    await page.getByText('Files are to be there by 00:00 UTC').waitFor();
    await page.getByRole('row').getByText('WAITING').waitFor();
    expect(complaints).toEqual([]);
  });

  test('rejected rows come with the commands that show all of them and send them again', async () => {
    const trades = uniqueName('trades');
    const daemon = await startRestDaemon([feed(trades)], {
      'drop/trades/a.csv': `${HEADER}RIO,n/a\n`,
    });
    const { page } = await open(daemon, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('link', { name: trades }).click();
    await page.getByRole('tab', { name: 'Rejected rows' }).click();
    const command = `headrace dlq replay --feed ${daemon.folder.at('feed-0.yaml')}`;
    await page.getByRole('button', { name: `Copy ${command}`, exact: true }).click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(command);
  });

  test('all of it works without a mouse', async () => {
    const trades = uniqueName('trades');
    const daemon = await startRestDaemon([feed(trades)]);
    const { page } = await open(daemon);
    await page.getByRole('link', { name: trades }).waitFor();
    /** Goes on with Tab until what is named has the focus. */
    const goTo = async (name: string) => {
      for (let steps = 0; steps < 40; steps++) {
        await page.keyboard.press('Tab');
        if ((await page.evaluate('document.activeElement?.textContent')) === name) return;
      }
      throw new Error(`${name} is not reached`);
    };
    await goTo(trades);
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: 'Records' }).waitFor();
    await goTo('Records');
    await page.keyboard.press('Enter');
    await goTo('Start');
    await page.keyboard.press('Enter');
    await page.getByText('0 rows came by').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Stopped: 0 rows came by').waitFor();
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
      for (const tab of ['Files', 'Tasks', 'Expected', 'Rejected rows', 'Records', 'Configuration', 'Log']) {
        await page.getByRole('tab', { name: tab }).click();
        expect(await violations(page), tab).toEqual([]);
      }
      await page.getByRole('button', { name: 'Pause' }).click();
      expect(await violations(page), 'dialog').toEqual([]);
      expect(complaints).toEqual([]);
    }
  });
});
