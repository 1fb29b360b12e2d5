import { expect, onTestFinished, test } from 'vitest';
import { FeedFolder } from '../integration/support/feed-folder.ts';
import { HeadraceProcess } from '../integration/support/headrace-process.ts';
import { valuesIn } from '../integration/support/read-topic.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { samplesOf } from './samples.ts';

const { bootstrapServers } = await sharedKafka();

/** Of seven rows one is rejected and one left out. */
const ROWS = 420_000;
const SHARE = ROWS / 7;

function tableOf(symbol: string): string {
  const rows = Array.from({ length: ROWS }, (_, row) => {
    if (row % 7 === 3) return `${symbol},none,${row}\n`;
    return `${row % 7 === 5 ? 'TEST' : symbol},${row}.5,${row}\n`;
  });
  return `symbol,price,number\n${rows.join('')}`;
}

const FEED = {
  transforms: 'parse,check,leave,validate,route',
  'transforms.check.type': 'sequence',
  'transforms.check.field': 'number',
  'transforms.leave.type': 'Filter',
  'transforms.leave.predicate': 'isTest',
  predicates: 'isTest',
  'predicates.isTest.type': 'field',
  'predicates.isTest.field': 'symbol',
  'predicates.isTest.equals': 'TEST',
  'transaction.boundary': 'poll',
};

/** A worker with two feeds, each with a file. */
class Worker {
  readonly folder: FeedFolder;
  readonly feeds: readonly string[];
  readonly sizes: Record<string, number> = {};
  url = '';

  constructor(folder: FeedFolder) {
    this.folder = folder;
    this.feeds = ['bhp', 'rio'].map((name) => `${folder.name}-${name}`);
  }

  static async make(): Promise<Worker> {
    const folder = await FeedFolder.make(uniqueName('agree'));
    const worker = new Worker(folder);
    await folder.worker({
      'bootstrap.servers': bootstrapServers,
      'group.id': folder.name,
      'metrics.listeners': 'http://127.0.0.1:0',
    });
    for (const name of worker.feeds) {
      const topics = {
        'transforms.route.topic': name,
        'errors.deadletterqueue.topic.name': `${name}.dlq`,
      };
      await folder.feedOf(name, { ...FEED, ...topics });
      const table = tableOf(name.toUpperCase());
      worker.sizes[name] = table.length;
      await folder.write(`drop/${name}/a.csv`, table);
    }
    return worker;
  }

  async start(): Promise<HeadraceProcess> {
    const feeds = this.feeds.map((name) => this.folder.at(`${name}.yaml`));
    const daemon = HeadraceProcess.start({ feeds, worker: this.folder.at('worker.yaml') });
    onTestFinished(() => daemon.kill());
    this.url = String((await daemon.waitFor('REST listening')).address);
    return daemon;
  }

  async metrics(): Promise<string> {
    return (await fetch(`${this.url}/metrics`)).text();
  }

  /** Rows, dead letters and all that is read, of a feed, as the topics have them. */
  async counted(name: string) {
    const [written, rejected] = await Promise.all(
      [name, `${name}.dlq`].map(async (topic) => (await valuesIn(bootstrapServers, topic)).length),
    );
    return { written: written as number, rejected: rejected as number };
  }
}

/** What metrics say of a feed. */
function told(text: string, name: string) {
  const at = (metric: string, more = '') =>
    samplesOf(text, metric)[`{connector="${name}",task="0"${more}}`] ?? 0;
  return {
    read: at('connect_source_record_poll_total'),
    written: at('connect_source_record_write_total'),
    rejected: at('connect_task_error_total_records_skipped'),
    toTopic: at('kafka_producer_messages_produced_total', `,topic="${name}"`),
    toQueue: at('kafka_producer_messages_produced_total', `,topic="${name}.dlq"`),
    bytes: at('headrace_file_bytes_total'),
    lag: at('headrace_lag_files'),
    lagBytes: at('headrace_lag_bytes'),
    starts: at('kafka_producer_initialised_total'),
    writes: at('kafka_producer_produce_duration_seconds_count', `,topic="${name}"`),
    gaps: at('headrace_sequence_breaks_total', ',plugin="transforms.check",found="gap"'),
  };
}

test('metrics agree with the rows in Kafka, feed by feed, while it loads, after a kill, and at its end', async () => {
  const worker = await Worker.make();
  const first = await worker.start();
  await Promise.all(
    worker.feeds.map((name) =>
      first.waitFor(({ msg, connector }) => msg === 'transaction committed' && connector === name),
    ),
  );
  const text = await worker.metrics();
  await first.kill();
  const second = await worker.start();
  const ends = worker.feeds.map(async (name) => {
    const of = (msg: string) =>
      second.waitFor(({ msg: said, connector }) => said === msg && connector === name);
    return [name, await of('file reading'), await of('file completed')] as const;
  });
  const files = await Promise.all(ends);
  for (const [name, reading] of files) {
    const { written, read, rejected, toTopic, toQueue, bytes, lagBytes } = told(text, name);
    // More may have been committed since, and nothing less.
    const already = reading as unknown as Record<string, number>;
    expect(written).toBeGreaterThan(0);
    expect(written).toBeLessThanOrEqual(already.produced as number);
    expect(rejected).toBeLessThanOrEqual(already.rejected as number);
    expect([toTopic, toQueue]).toEqual([written, rejected]);
    expect(read).toBeGreaterThanOrEqual(written + rejected);
    expect(lagBytes).toBe((worker.sizes[name] as number) - bytes);
  }
  // What producers and plugins count comes within a second.
  await expect
    .poll(async () => told(await worker.metrics(), worker.feeds[1] as string).writes)
    .toBeGreaterThan(0);
  const end = await worker.metrics();
  for (const [name, begun, completed] of files) {
    const now = told(end, name);
    const counted = await worker.counted(name);
    expect(counted).toEqual({ written: 5 * SHARE, rejected: SHARE });
    expect(completed).toMatchObject({ rows: ROWS, produced: 5 * SHARE, filtered: SHARE, rejected: SHARE });
    const already = begun as unknown as Record<string, number>;
    expect(now.written).toBe(counted.written - (already.produced as number));
    expect(now.rejected).toBe(counted.rejected - (already.rejected as number));
    expect(now.read).toBe(ROWS - (already.row as number));
    expect(now.bytes).toBe((worker.sizes[name] as number) - (already.position as number));
    expect(now.read - now.written - now.rejected).toBe(SHARE - (already.filtered as number));
    expect([now.toTopic, now.toQueue]).toEqual([now.written, now.rejected]);
    expect([now.lag, now.lagBytes, now.gaps]).toEqual([0, 0, 0]);
    expect(now.starts).toBeGreaterThan(0);
  }
});
