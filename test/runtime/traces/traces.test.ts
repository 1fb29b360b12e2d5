import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { FeedFolder } from '../../integration/support/feed-folder.ts';
import type { HeadraceProcess } from '../../integration/support/headrace-process.ts';
import { recordsIn } from '../../integration/support/read-topic.ts';
import { sharedKafka, uniqueName } from '../../support/stack.ts';

const { bootstrapServers } = await sharedKafka();
const SDK = fileURLToPath(new URL('sdk.mjs', import.meta.url));

interface SpanLine {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parent: string | null;
  readonly links: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status: { readonly code: number; readonly message?: string };
  readonly durationMs: number;
}

/** A feed, and the spans that its tasks' threads have made, as an SDK that is registered in each of them has them. */
class TracedFeed {
  readonly folder: FeedFolder;
  daemon!: HeadraceProcess;

  constructor(folder: FeedFolder) {
    this.folder = folder;
  }

  static async start(
    options: Readonly<Record<string, string | null>>,
    files: Readonly<Record<string, string>>,
    env: Readonly<Record<string, string>> = {},
  ): Promise<TracedFeed> {
    const feed = new TracedFeed(await FeedFolder.make(uniqueName('traced')));
    const { folder } = feed;
    await folder.worker({ 'bootstrap.servers': bootstrapServers });
    await folder.feed({ 'headers.traceparent': 'true', ...options });
    for (const [path, content] of Object.entries(files)) await folder.write(path, content);
    feed.daemon = folder.start({ NODE_OPTIONS: `--import ${SDK}`, SPANS: folder.at('spans'), ...env });
    onTestFinished(() => feed.daemon.kill());
    return feed;
  }

  async spans(name: string): Promise<SpanLine[]> {
    const text = await readFile(this.folder.at('spans'), 'utf8').catch(() => '');
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as SpanLine).filter((span) => span.name === name);
  }

  /** The header of each record of the feed's topic, and the symbols of those with it. */
  async traceparents(): Promise<Record<string, string[]>> {
    const found: Record<string, string[]> = {};
    for (const { value, headers } of await recordsIn(bootstrapServers, this.folder.name)) {
      const [, header] = headers.find(([name]) => name === 'traceparent') ?? [];
      const { symbol } = JSON.parse(String(value)) as { symbol: string };
      found[String(header)] = [...new Set([...(found[String(header)] ?? []), symbol])];
    }
    return found;
  }
}

const table = (symbol: string, rows: number) => `symbol,price\n${`${symbol},1\n`.repeat(rows)}${symbol},x\n`;

test('with an SDK in the threads of tasks there is a span of each file and transaction, and records lead to it', async () => {
  const feed = await TracedFeed.start(
    { 'transaction.boundary': 'poll' },
    { 'drop/a.csv': table('BHP', 100_000), 'drop/b.csv': table('RIO', 10) },
  );
  const isDone = (file: string) =>
    feed.daemon.waitFor((line) => line.msg === 'file completed' && line.file === file);
  const [completed] = await Promise.all(['a.csv', 'b.csv'].map(isDone));
  expect(await feed.daemon.stop()).toBe(0);
  const { name: connector } = feed.folder;
  const files = await feed.spans('headrace.file');
  const [a, b] = ['a.csv', 'b.csv'].map((file) =>
    files.find(({ attributes }) => attributes['headrace.file'] === file),
  ) as [SpanLine, SpanLine];
  expect(files).toHaveLength(2);
  expect(a).toMatchObject({
    ...{ parent: null, status: { code: 0 } },
    attributes: {
      ...{ 'headrace.connector': connector, 'headrace.task': 0, 'headrace.state': 'DELIVERED' },
      ...{ 'headrace.generation': completed?.generation, 'headrace.size': table('BHP', 100_000).length },
      ...{ 'headrace.rows': 100_001, 'headrace.produced': 100_000, 'headrace.rejected': 1 },
    },
  });
  expect(b.traceId).not.toBe(a.traceId);
  const transactions = await feed.spans('headrace.transaction');
  const ofA = transactions.filter(({ parent }) => parent === a.spanId);
  expect(ofA.length).toBeGreaterThan(1);
  for (const span of ofA) expect(span.traceId).toBe(a.traceId);
  const sum = ofA.reduce((rows, { attributes }) => rows + Number(attributes['headrace.rows']), 0);
  expect(sum).toBe(100_001);
  expect(ofA[0]?.attributes['headrace.transaction']).toMatch(/^\d+-\d+-\d+$/);
  expect(await feed.traceparents()).toEqual({
    [`00-${a.traceId}-${a.spanId}-01`]: ['BHP'],
    [`00-${b.traceId}-${b.spanId}-01`]: ['RIO'],
  });
});

test('a transaction of several files is in the trace of its first, and linked to the others', async () => {
  const feed = await TracedFeed.start(
    { 'transaction.boundary.interval.ms': '3000' },
    { 'drop/a.csv': table('BHP', 10), 'drop/b.csv': table('RIO', 10) },
  );
  await feed.daemon.waitFor((line) => line.msg === 'file completed' && line.file === 'b.csv');
  expect(await feed.daemon.stop()).toBe(0);
  const [a, b] = (await feed.spans('headrace.file')).map(({ spanId }) => spanId);
  expect(await feed.spans('headrace.transaction')).toMatchObject([{ parent: a, links: [b] }]);
});

test('a file that is given up is an error in its span, by its code, and shows no value of a row', async () => {
  const feed = await TracedFeed.start(
    { 'errors.max': '1', 'error.path': './failed' },
    { 'drop/a.csv': 'symbol,price\nBHP,secret\nBHP,secret\nBHP,secret\n' },
  );
  await feed.daemon.waitFor('file failed');
  expect(await feed.daemon.stop()).toBe(0);
  const [span] = await feed.spans('headrace.file');
  expect(span).toMatchObject({ status: { code: 2, message: 'ERROR_BUDGET_EXCEEDED' } });
  expect(JSON.stringify(span)).not.toContain('secret');
});

test('an SDK that fails is told once, and rows are delivered', async () => {
  const feed = await TracedFeed.start({}, { 'drop/a.csv': table('BHP', 10) }, { SDK_FAILS: '1' });
  await feed.daemon.waitFor('file completed');
  const told = feed.daemon.lines.filter(({ msg }) => msg.startsWith('traces cannot be told'));
  expect(told).toMatchObject([{ level: 40, connector: feed.folder.name, reason: 'no spans today' }]);
  expect(await feed.traceparents()).toEqual({ undefined: ['BHP'] });
});

test('without an SDK nothing of it is loaded, and records have no such header', async () => {
  const loaded = fileURLToPath(new URL('tell-loaded.mjs', import.meta.url));
  const feed = await TracedFeed.start(
    {},
    { 'drop/a.csv': table('BHP', 10) },
    { NODE_OPTIONS: `--import ${loaded}` },
  );
  await feed.daemon.waitFor('file completed');
  expect(await feed.traceparents()).toEqual({ undefined: ['BHP'] });
  expect(await feed.daemon.stop()).toBe(0);
  const text = await readFile(feed.folder.at('spans'), 'utf8');
  expect(text).toContain('thread ended\n');
  expect(text).not.toContain('opentelemetry');
});
