import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { LoadResult } from '../../src/load/load-result.ts';
import { API, type Direction } from '../chaos/kafka-proxy.ts';
import { KafkaProxies } from '../chaos/proxied-kafka.ts';
import { OPEN, Strike, SwitchGate } from '../chaos/switch-gate.ts';
import { type Ended, LoadFolder, type LoadProcess } from '../load/support.ts';
import { newS3Bucket, sharedS3 } from '../support/s3.ts';
import { sharedKafka } from '../support/stack.ts';
import { s3Environment } from '../support/storage-feeds.ts';
import { Trap } from './support/gates.ts';
import { recordsIn } from './support/read-topic.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 180_000 });

const ROWS = 10_000;
const PADDING = 'x'.repeat(600);
/** So long it is stopping already when it is killed; far less than its grace. */
const STOPPING_MS = 300;
const GRACE = { HEADRACE_TASK_SHUTDOWN_GRACEFUL_TIMEOUT_MS: '1500' };

const gate = new SwitchGate();
let proxies: KafkaProxies;
beforeAll(async () => {
  proxies = await KafkaProxies.before((await sharedKafka()).bootstrapServers, gate);
  await sharedS3();
});
afterAll(() => proxies?.close());
afterEach(() => {
  gate.current = OPEN;
});

type Place = 'file' | 'object of S3';

/**
 * Where a load is: the n-th request or answer of a kind. The first commit is that by which it takes its job over; one whose
 * rejected rows go to a file has more of them before its rows.
 */
type Moment = readonly [when: string, boundary: string, direction: Direction, apiKey: number, number: number];

const MOMENTS: readonly Moment[] = [
  ['at its start', 'poll', 'request', API.initProducerId, 1],
  ['in the middle of its file', 'poll', 'request', API.produce, 3],
  ['before a commit reaches the broker', 'poll', 'request', API.endTxn, 3],
  ['when a commit is done and its answer is on its way', 'poll', 'answer', API.endTxn, 3],
  ['when all rows are committed', 'file', 'answer', API.endTxn, 2],
];

/** A load by the command, as a job of a cloud runs it. */
class InterruptedLoad {
  readonly #folder: LoadFolder;
  readonly #args: readonly string[];
  readonly #environment: Readonly<Record<string, string>>;

  private constructor(
    folder: LoadFolder,
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ) {
    this.#folder = folder;
    this.#args = args;
    this.#environment = { ...GRACE, ...environment };
  }

  static async make(boundary: string, place: Place = 'file'): Promise<InterruptedLoad> {
    const folder = await LoadFolder.make(proxies);
    const rows = Array.from({ length: ROWS }, (_, index) => `S${index % 50},${index + 1},${PADDING}\n`);
    const { file, environment } = await putIn(place, folder, `symbol,price,padding\n${rows.join('')}`);
    const feed = await folder.write('feed.yaml', feedOf(folder.topic, boundary));
    const args = [file, '--feed', feed, '--job', `spot:${folder.topic}`, '--no-progress', '--json'];
    return new InterruptedLoad(folder, args, environment);
  }

  start(): LoadProcess {
    return this.#folder.start(this.#args, this.#environment);
  }

  again(): Promise<Ended> {
    return this.#folder.run(this.#args, this.#environment);
  }

  /** Runs a command line that was printed, in a shell. */
  shell(line: string): Promise<Ended> {
    const { path: cwd, bootstrapServers } = this.#folder;
    const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
    const env = { ...process.env, ...this.#environment, PATH, HEADRACE_BOOTSTRAP_SERVERS: bootstrapServers };
    return new Promise((resolve) => {
      execFile('sh', ['-c', line], { cwd, env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  }

  /** Every row is in its topic once, and in order within its key. */
  async expectAllOnce(): Promise<void> {
    const last = new Map<string, number>();
    const misplaced: number[] = [];
    const records = await recordsIn(this.#folder.bootstrapServers, this.#folder.topic);
    for (const { value } of records) {
      const { symbol, price } = JSON.parse(String(value)) as { symbol: string; price: number };
      if (price <= (last.get(symbol) ?? 0)) misplaced.push(price);
      last.set(symbol, price);
    }
    expect({ misplaced, rows: records.length }).toEqual({ misplaced: [], rows: ROWS });
  }
}

async function putIn(place: Place, folder: LoadFolder, content: string) {
  if (place === 'file') return { file: await folder.write('a.csv', content), environment: {} };
  const bucket = await newS3Bucket();
  await bucket.put('in/a.csv', content);
  return { file: `s3://${bucket.name}/in/a.csv`, environment: s3Environment(bucket) };
}

function resultOf({ code, stdout, stderr }: Ended): LoadResult {
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  return JSON.parse(stdout) as LoadResult;
}

/** Whatever there was before, the load is done now. */
async function expectDone(load: InterruptedLoad, ended: Ended): Promise<void> {
  expect(resultOf(ended)).toMatchObject({ state: 'COMPLETED', rows: ROWS, produced: ROWS, rejected: 0 });
  await load.expectAllOnce();
}

describe('a load that is told to stop, as when its machine is reclaimed,', () => {
  // One that has committed all of its rows ends as one that is done.
  test.each<readonly [...Moment, Place]>([
    ...MOMENTS.filter(([, boundary]) => boundary === 'poll').map((moment) => [...moment, 'file'] as const),
    ['in the middle of an object of S3', 'poll', 'request', API.produce, 3, 'object of S3'],
  ])(
    '%s (%s) commits what it has, and the command that it prints goes on',
    async (_, boundary, direction, apiKey, number, place) => {
      const load = await InterruptedLoad.make(boundary, place);
      const { child, ended } = load.start();
      gate.current = new Strike(direction, apiKey, number, () => void child.kill('SIGTERM'));
      const stopped = await ended;
      gate.current = OPEN;
      expect(stopped).toMatchObject({ code: 130, stderr: expect.stringMatching(/^To go on from here: /m) });
      expect(JSON.parse(stopped.stdout)).toMatchObject({ state: 'STOPPED', error: null });
      const line = /^To go on from here: (.*)$/m.exec(stopped.stderr)?.[1] ?? '';
      await expectDone(load, await load.shell(line));
    },
  );

  test.each(MOMENTS)(
    '%s (%s) and is killed while it stops has each row delivered once by the same command',
    async (_, boundary, direction, apiKey, number) => {
      const load = await InterruptedLoad.make(boundary);
      const { child, ended } = load.start();
      // The broker does not answer any more, so that the stop is not over at once.
      const trap = new Trap(direction, apiKey, number);
      gate.current = trap;
      await trap.sprung.promise;
      child.kill('SIGTERM');
      await delay(STOPPING_MS);
      child.kill('SIGKILL');
      // What had not begun is stopped by then.
      expect([null, 130]).toContain((await ended).code);
      gate.current = OPEN;
      await expectDone(load, await load.again());
    },
  );

  test('while the broker is silent ends in time by itself, and goes on later', async () => {
    const load = await InterruptedLoad.make('poll');
    const { child, ended } = load.start();
    const trap = new Trap('answer', API.produce, 2);
    gate.current = trap;
    await trap.sprung.promise;
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 130 });
    gate.current = OPEN;
    await expectDone(load, await load.again());
  });

  test('before it has begun is ended by the signal, and has done nothing', async () => {
    const load = await InterruptedLoad.make('poll');
    const { child, ended } = load.start();
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: null, stdout: '' });
    await expectDone(load, await load.again());
  });
});

function feedOf(topic: string, boundary: string): string {
  return `name: ${topic}
connector.class: directory
input.path: ./drop
transforms: parse,validate,route
transforms.parse.type: csv
transforms.validate.type: schema
transforms.validate.fields.symbol: string
transforms.validate.fields.price: double
transforms.validate.fields.padding: string
transforms.route.type: route
transforms.route.topic: ${topic}
transforms.route.key: symbol
errors.tolerance: all
errors.deadletterqueue.topic.name: ${topic}.dlq
transaction.boundary: ${boundary}
topic.creation.default.partitions: 3
`;
}
