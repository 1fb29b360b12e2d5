import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { FeedFolder } from '../../integration/support/feed-folder.ts';
import { HeadraceProcess, type LogLine } from '../../integration/support/headrace-process.ts';
import { recordsIn } from '../../integration/support/read-topic.ts';
import { uniqueName } from '../../support/stack.ts';
import { bootstrapServers } from '../support/loaded-feed.ts';

/** The daemon is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const WAIT_MS = 60_000;

/** A folder of feeds that a daemon watches. */
class Watched {
  readonly folder: FeedFolder;
  #daemon: HeadraceProcess | null = null;

  private constructor(folder: FeedFolder) {
    this.folder = folder;
  }

  static async make(): Promise<Watched> {
    const folder = await FeedFolder.make(uniqueName('watched'));
    await folder.worker({
      'bootstrap.servers': bootstrapServers,
      'group.id': folder.name,
    });
    await mkdir(folder.at('feeds'));
    return new Watched(folder);
  }

  get daemon(): HeadraceProcess {
    if (this.#daemon === null) {
      const { folder } = this;
      const feeds = ['--feeds', folder.at('feeds')];
      this.#daemon = HeadraceProcess.start({ feeds, worker: folder.at('worker.yaml') });
      onTestFinished(() => this.#daemon?.kill());
    }
    return this.#daemon;
  }

  path(feed: string): string {
    return this.folder.at(`feeds/${feed}.yaml`);
  }

  /** The name of a feed's connector, and of its topic. */
  name(feed: string): string {
    return `${this.folder.name}-${feed}`;
  }

  /** The text of a feed that reads `FEED/` in the folder above. */
  async text(feed: string, options: Readonly<Record<string, string | null>> = {}): Promise<string> {
    const name = this.name(feed);
    const input = this.folder.at(feed);
    await mkdir(input, { recursive: true });
    const own = { name, 'input.path': input, 'finished.path': null, 'transforms.route.topic': name };
    await this.folder.feed({ ...own, ...options });
    return readFile(this.folder.at('feed.yaml'), 'utf8');
  }

  /** As most editors do it: in place of what was there. */
  async put(feed: string, options: Readonly<Record<string, string | null>> = {}): Promise<void> {
    await writeFile(this.folder.at('new'), await this.text(feed, options));
    await rename(this.folder.at('new'), this.path(feed));
  }

  said(msg: string, feed: string, times = 1): Promise<LogLine> {
    const isIt = (line: LogLine) =>
      line.msg === msg && (line.connector === this.name(feed) || line.file === this.path(feed));
    return expect
      .poll(() => this.daemon.lines.filter(isIt), { timeout: WAIT_MS })
      .toHaveLength(times)
      .then(() => this.daemon.lines.findLast(isIt) as LogLine);
  }

  /** States that the tasks of a feed have come to. */
  states(feed: string): unknown[] {
    return this.daemon.lines
      .filter(({ msg, connector }) => msg.startsWith('task ') && connector === this.name(feed))
      .map(({ state }) => state);
  }
}

describe('headrace run --feeds', () => {
  test('starts, changes and stops what the files of the folder say, and nothing else', async () => {
    const watched = await Watched.make();
    await watched.put('a');
    await writeFile(watched.path('.hidden'), 'nonsense');
    await watched.daemon.waitFor('worker started', WAIT_MS);

    await watched.put('b');
    await watched.said('feed added', 'b');
    await watched.said('task running', 'b');

    await watched.put('b', { 'settle.ms': '60' });
    await watched.said('feed changed', 'b');
    await watched.said('task running', 'b', 2);

    await watched.put('b', { 'settle.sm': '70' });
    expect(await watched.said('feed refused', 'b')).toMatchObject({
      connector: watched.name('b'),
      running: 'as before',
      reason: expect.stringMatching(/b\.yaml:\d+: settle\.sm: .*did you mean settle\.ms\?/),
    });
    await watched.folder.write('b/1.csv', 'symbol,price\nBHP,1\n');
    await watched.said('file delivered', 'b');

    await writeFile(
      watched.path('c'),
      (await watched.text('c')).replace(watched.name('c'), watched.name('a')),
    );
    expect((await watched.said('feed refused', 'c')).reason).toBe(
      `${watched.path('c')}: name: ${watched.name('a')} is the name of ${watched.path('a')} already, which runs; give this feed another one`,
    );

    await rm(watched.path('b'));
    await watched.said('feed removed', 'b');
    await watched.said('task stopped', 'b');
    expect(watched.states('b')).toEqual(['RUNNING', 'RESTARTING', 'RUNNING', 'STOPPED']);
    expect(watched.states('a')).toEqual(['RUNNING']);

    watched.daemon.signal('SIGHUP');
    await watched.daemon.waitFor('reading feeds again');
    await rm(watched.path('a'));
    await watched.said('feed removed', 'a');
    // The name is free now.
    await watched.said('feed added', 'c');
    expect(await watched.daemon.stop()).toBe(0);
  });

  test('leaves a feed that loads alone while the file of another one is edited 50 times', async () => {
    const watched = await Watched.make();
    await watched.put('edited');
    await watched.put('loading');
    await watched.daemon.waitFor('worker started', WAIT_MS);
    for (let edit = 0; edit < 50; edit++) {
      const rows = Array.from({ length: 200 }, (_, row) => `S${row % 5},${edit * 200 + row}\n`);
      await watched.folder.write(`loading/${edit}.csv`, `symbol,price\n${rows.join('')}`);
      const options = edit % 5 === 3 ? { 'settle.sm': '1' } : { 'settle.ms': String(51 + edit) };
      const text = await watched.text('edited', options);
      // As some editors do it, in two steps.
      await writeFile(watched.path('edited'), text.slice(0, 40));
      await writeFile(watched.path('edited'), text);
    }
    const last = (line: LogLine) => line.msg === 'file completed' && line.file === '49.csv';
    await watched.daemon.waitFor(last, WAIT_MS);
    await watched.folder.write('edited/1.csv', 'symbol,price\nBHP,1\n');
    await watched.said('file completed', 'edited');
    expect(watched.states('loading')).toEqual(['RUNNING']);
    expect(watched.daemon.lines.some(({ msg }) => msg === 'feed changed')).toBe(true);
    await expect
      .poll(async () => (await recordsIn(bootstrapServers, watched.name('loading'))).length, {
        timeout: WAIT_MS,
      })
      .toBeGreaterThanOrEqual(10_000);
    await watched.daemon.stop();
    const records = await recordsIn(bootstrapServers, watched.name('loading'));
    const prices = records.map(({ value }) => (JSON.parse(String(value)) as { price: number }).price);
    expect(prices.sort((a, b) => a - b)).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
  });
});
