import { rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { loadWorkerConfig } from '../../src/config/worker-file.ts';
import { readExpectations } from '../../src/runtime/expectations/expectation-topic.ts';
import { headrace } from '../cli/support/run-command.ts';
import { blocksOf, page } from '../docs/markdown.ts';
import { samplesOf } from '../rest/samples.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import type { HeadraceProcess } from './support/headrace-process.ts';
import { clientOf } from './support/read-topic.ts';

const { bootstrapServers } = await sharedKafka();
vi.setConfig({ testTimeout: 120_000 });

const STEPPED_CLOCK = fileURLToPath(new URL('../chaos/preloads/stepped-clock.ts', import.meta.url));
const MINUTE_MS = 60_000;
const ROWS = 'symbol,price\nBHP,1\nRIO,2\n';

/** Ten minutes from now, in a zone where it is about noon: brokers take no record that is an hour ahead of their clock. */
function soon(): string {
  const now = new Date();
  const ahead = 12 - now.getUTCHours();
  const zone = `${ahead < 0 ? '-' : '+'}${String(Math.abs(ahead)).padStart(2, '0')}:00`;
  const shown = new Date(now.getTime() + ahead * 60 * MINUTE_MS + 10 * MINUTE_MS).toISOString();
  return `${shown.slice(11, 16)} ${zone}`;
}

type Told = Readonly<Record<string, unknown>>;

/** A feed that expects something, whose clock the test sets, and who is told of it. */
class Ground {
  readonly folder: FeedFolder;
  readonly told: Told[];
  readonly by: string;

  private constructor(folder: FeedFolder, told: Told[], by: string) {
    this.folder = folder;
    this.told = told;
    this.by = by;
  }

  static async make(options: Readonly<Record<string, string>> = {}): Promise<Ground> {
    const folder = await FeedFolder.make(uniqueName('expected'));
    const told: Told[] = [];
    const server = createServer(async (request, response) => {
      told.push(JSON.parse(await text(request)));
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const ground = new Ground(folder, told, soon());
    await folder.worker({
      'bootstrap.servers': bootstrapServers,
      'group.id': folder.name,
      listeners: 'http://127.0.0.1:0',
    });
    await folder.feed({
      'expect.by': ground.by,
      'expect.pattern': 'trades-*.csv',
      'notify.url': `http://127.0.0.1:${(server.address() as AddressInfo).port}/T0/secret`,
      'error.path': './failed',
      ...options,
    });
    await ground.setClock(0);
    return ground;
  }

  async setClock(minutes: number): Promise<void> {
    await writeFile(this.folder.at('clock.new'), String(minutes * MINUTE_MS));
    await rename(this.folder.at('clock.new'), this.folder.at('clock'));
  }

  get env(): Readonly<Record<string, string>> {
    return { NODE_OPTIONS: `--import ${STEPPED_CLOCK}`, CHAOS_CLOCK: this.folder.at('clock') };
  }

  /** A worker that has begun, and its address. */
  async start(): Promise<{ daemon: HeadraceProcess; url: string }> {
    const daemon = this.folder.start(this.env);
    const url = String((await daemon.waitFor('REST listening')).address);
    await daemon.waitFor('worker started');
    return { daemon, url };
  }

  /** Waits until what was told is remembered. */
  async remembered(late: number): Promise<void> {
    const worker = await loadWorkerConfig(this.folder.at('worker.yaml'), {});
    const kept = async () =>
      (await readExpectations(clientOf(bootstrapServers), worker)).get(this.folder.name)?.late.length;
    await expect.poll(kept, { timeout: 20_000 }).toBe(late);
  }

  async late(url: string): Promise<number | undefined> {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return samplesOf(metrics, 'headrace_expected_files_late')[`{connector="${this.folder.name}"}`];
  }
}

function shownNotice(): unknown {
  const block = blocksOf(page('docs/expected-files.md')).find(({ note }) => note === 'notice');
  return JSON.parse(block?.text ?? '');
}

/** Its keys, and what is below them. */
function shapeOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return typeof value;
  return Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]);
}

async function dayStates(url: string): Promise<string[]> {
  const [status] = (await (await fetch(`${url}/expectations`)).json()) as { days: { state: string }[] }[];
  return status?.days.map(({ state }) => state) ?? [];
}

test('a file that does not come is told on time, everywhere and once, over a kill too; and so it is when it comes', async () => {
  const ground = await Ground.make();
  const { name } = ground.folder;
  const first = await ground.start();
  await expect.poll(() => dayStates(first.url), { timeout: 20_000 }).toEqual(['WAITING']);
  expect(await ground.late(first.url)).toBe(0);
  expect(ground.told).toEqual([]);

  await ground.setClock(11);
  const line = await first.daemon.waitFor('expected files are late');
  expect(line).toMatchObject({ level: 50, connector: name, by: ground.by, files: 1, came: 0, missing: 1 });
  await expect.poll(() => ground.told.length, { timeout: 20_000 }).toBe(1);
  expect(ground.told[0]).toMatchObject({
    event: 'files.late',
    connector: name,
    message: expect.stringMatching(/: expected 1 file \(trades-\*\.csv\) by .*: not there$/),
    target: 'STARTED',
    expected: { by: ground.by, files: 1, came: 0, missing: 1, state: 'LATE' },
    came: [],
    worker: { group: name, pid: first.daemon.pid },
  });
  expect(shapeOf(ground.told[0])).toEqual(shapeOf(shownNotice()));
  expect(await dayStates(first.url)).toEqual(['LATE', 'WAITING']);
  expect(await ground.late(first.url)).toBe(1);
  const shown = await headrace(['status', '--url', first.url], { cwd: import.meta.dirname });
  expect(shown.code).toBe(1);
  expect(shown.stdout).toContain(`\n${name}: expected 1 file (trades-*.csv) by ${ground.by} on `);
  const listed = await headrace(['files', 'list', name, '--url', first.url], {
    cwd: import.meta.dirname,
    env: ground.env,
  });
  expect(listed).toMatchObject({ code: 0, stderr: `${name} has met no file\n` });
  expect(listed.stdout).toMatch(/: not there \([\d.]+ .*late\)\n/);
  const config = await (await fetch(`${first.url}/connectors/${name}/config`)).json();
  expect(config).toMatchObject({ 'notify.url': '[hidden]' });
  expect(JSON.stringify([...first.daemon.lines, config])).not.toContain('T0/secret');

  await ground.remembered(1);
  await first.daemon.kill();
  const second = await ground.start();
  await expect.poll(() => dayStates(second.url), { timeout: 20_000 }).toEqual(['LATE', 'WAITING']);
  expect(await ground.late(second.url)).toBe(1);
  await ground.folder.write('drop/other.csv', ROWS);
  await second.daemon.waitFor('file completed');
  expect(ground.told).toHaveLength(1);

  await ground.folder.write('drop/trades-1.csv', ROWS);
  const came = await second.daemon.waitFor('expected files came late');
  expect(came).toMatchObject({ connector: name, missing: 0, cameFiles: [{ file: 'trades-1.csv', rows: 2 }] });
  await expect.poll(() => ground.told.length, { timeout: 20_000 }).toBe(2);
  expect(ground.told[1]).toMatchObject({
    ...{ event: 'files.came-late', connector: name },
    message: expect.stringMatching(/: there \(came late\)$/),
  });
  expect(await dayStates(second.url)).toEqual(['CAME', 'WAITING']);
  expect(await ground.late(second.url)).toBe(0);
  await ground.remembered(0);
  expect(second.daemon.lines.map(({ msg }) => msg)).not.toContain('expected files are late');
});

test('what fell into the time when no worker ran is told at the start, of a paused feed too', async () => {
  const ground = await Ground.make({ 'expect.min.rows': '3' });
  const { name } = ground.folder;
  const first = await ground.start();
  await ground.remembered(0);
  await ground.folder.write('drop/trades-1.csv', ROWS);
  const small = await first.daemon.waitFor('expected file is too small');
  expect(small).toMatchObject({ connector: name, file: 'trades-1.csv', rows: 2, minRows: 3 });
  await fetch(`${first.url}/connectors/${name}/pause`, { method: 'PUT' });
  await first.daemon.waitFor('task paused');
  await expect.poll(() => ground.told.length, { timeout: 20_000 }).toBe(1);
  expect(await first.daemon.stop()).toBe(0);

  await ground.setClock(11);
  const second = await ground.start();
  expect(await second.daemon.waitFor('expected files are late')).toMatchObject({ target: 'PAUSED' });
  await expect.poll(() => ground.told.length, { timeout: 20_000 }).toBe(2);
  expect(ground.told).toMatchObject([
    { event: 'file.too-small', file: { file: 'trades-1.csv', rows: 2 } },
    { event: 'files.late', target: 'PAUSED', tooSmall: [{ file: 'trades-1.csv', rows: 2 }] },
  ]);
  await fetch(`${second.url}/connectors/${name}/resume`, { method: 'PUT' });
  await ground.folder.write('drop/trades-2.csv', `${ROWS}CBA,3\n`);
  await second.daemon.waitFor('expected files came late');
  await ground.folder.write('drop/bad.csv', 'symbol,symbol\nBHP,1\n');
  await second.daemon.waitFor('file failed');
  await expect.poll(() => ground.told.length, { timeout: 20_000 }).toBe(4);
  expect(ground.told.at(-1)).toMatchObject({ event: 'file.failed', file: 'bad.csv', state: 'QUARANTINED' });
});
