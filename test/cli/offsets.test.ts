import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ensureTopics } from '../../src/kafka/cluster/topic-creation.ts';
import { TransactionalProducer } from '../../src/kafka/producer/transactional-producer.ts';
import { clientOf, valuesIn } from '../integration/support/read-topic.ts';
import { batchOf } from '../kafka/support.ts';
import { bootstrapServers, type LoadedFeed, newFeed } from './support/loaded-feed.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const WORKER = ['--worker', 'worker.yaml'] as const;
const ROWS = 'symbol,price\nBHP,1\nRIO,bad\nCBA,3\n';
const DELIVERED = ['{"symbol":"BHP","price":1}', '{"symbol":"CBA","price":3}'];

async function offsetsOf({ run, name }: LoadedFeed) {
  const { stdout } = await run('offsets', 'show', name, ...WORKER, '--json');
  return JSON.parse(stdout) as {
    offsets: { partition: Record<string, string>; offset: Record<string, unknown> }[];
  };
}

describe('looking', () => {
  test('list has every connector, with its files and what became of their rows', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    await feed.load('b.csv', 'symbol,price\nANZ,4\n');
    const { stdout, code } = await feed.run('offsets', 'list', ...WORKER);
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['connector', 'files', 'delivered', 'unfinished', 'failed', 'rows', 'produced', 'filtered', 'rejected'],
      [feed.name, '2', '2', '0', '0', '4', '3', '0', '1'],
      [''],
    ]);
    const json = await feed.run('offsets', 'list', ...WORKER, '--json');
    expect(JSON.parse(json.stdout)).toEqual({
      topic: feed.offsetTopic,
      connectors: [
        {
          connector: feed.name,
          files: 2,
          delivered: 2,
          unfinished: 0,
          failed: 0,
          rows: 4,
          produced: 3,
          filtered: 0,
          rejected: 1,
        },
      ],
    });
  });

  test("show has each file's place, and as JSON what Connect answers with", async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    const { stdout } = await feed.run('offsets', 'show', feed.name, ...WORKER);
    expect(stdout).toMatch(
      /^file +state +position +last line +rows +produced +filtered +rejected +last commit +generation +reason\n/,
    );
    expect(stdout).toMatch(
      /\na\.csv +delivered +33 +4 +3 +2 +0 +1 +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ +[0-9a-f]{16}\n$/,
    );
    expect((await offsetsOf(feed)).offsets).toEqual([
      {
        partition: { file: 'a.csv', generation: expect.any(String) },
        offset: expect.objectContaining({ position: 33, row: 3, line: 4, head: 13, eof: true }),
      },
    ]);
  });
});

describe('files that were given up', () => {
  const CUT = gzipSync(`symbol,price\n${'BHP,1\n'.repeat(10)}`).subarray(0, 20);
  const states = async ({ run, name }: LoadedFeed) => {
    const { stdout } = await run('offsets', 'show', name, ...WORKER);
    const lines = stdout.split('\n').slice(1, -1);
    return lines.map((line) => {
      const [file, state, position, , rows, , , rejected, , , reason = ''] = line.split(/ {2,}/);
      return { file, state, position, rows, rejected, reason };
    });
  };
  const giveUp = async ({ folder }: LoadedFeed, files: Readonly<Record<string, string | Buffer>>) => {
    const daemon = folder.start();
    for (const [name, content] of Object.entries(files)) {
      await folder.write(`drop/${name}`, content);
      await daemon.waitFor(({ msg, file }) => msg === 'file failed' && file === name);
    }
    await daemon.stop();
  };

  test('are shown as failed with the reason, those of which nothing could be read among them', async () => {
    const feed = await newFeed({ 'errors.max': '1', 'error.path': './failed' });
    await giveUp(feed, { 'a.csv.gz': CUT, 'b.csv': 'symbol,price\nBHP,1\nBHP,x\nBHP,y\nBHP,z\n' });
    expect(await states(feed)).toEqual([
      {
        ...{ file: 'a.csv.gz', state: 'failed', position: '0', rows: '0', rejected: '0' },
        reason: expect.stringContaining('cut short'),
      },
      {
        ...{ file: 'b.csv', state: 'failed', position: '25', rows: '2', rejected: '1' },
        reason: expect.stringContaining('errors.max'),
      },
    ]);
    const list = await feed.run('offsets', 'list', ...WORKER, '--json');
    expect(JSON.parse(list.stdout).connectors).toMatchObject([
      { files: 2, delivered: 0, unfinished: 0, failed: 2 },
    ]);
  });

  test('are delivered once they come again mended, from where they were given up', async () => {
    const feed = await newFeed({ 'errors.max': '1', 'error.path': './failed', 'on.reappear': 'fail' });
    await giveUp(feed, { 'a.csv.gz': CUT, 'b.csv': 'symbol,price\nBHP,1\nBHP,x\nBHP,y\nBHP,z\n' });
    await feed.load('a.csv.gz', gzipSync('symbol,price\nBHP,7\n'));
    await feed.load('b.csv', 'symbol,price\nBHP,1\nBHP,x\nBHP,8\nBHP,9\n');
    expect(await valuesIn(bootstrapServers, feed.name)).toEqual(
      [1, 7, 8, 9].map((price) => JSON.stringify({ symbol: 'BHP', price })),
    );
    const delivered = (await states(feed)).filter(({ state }) => state === 'delivered');
    expect(delivered.map(({ file }) => file)).toEqual(['a.csv.gz', 'b.csv']);
  });

  test('do not take away what is known of an earlier content', async () => {
    const feed = await newFeed({ 'error.path': './failed', 'finished.path': './done' });
    const prices = Array.from({ length: 30_000 }, () => randomInt(1_000_000_000));
    const whole = gzipSync(`symbol,price\n${prices.map((price) => `BHP,${price}\n`).join('')}`);
    const damaged = Buffer.from(whole);
    damaged.fill(0, 100_000, 100_100);
    await feed.load('a.csv.gz', whole);
    await giveUp(feed, { 'a.csv.gz': damaged });
    const found = (await states(feed)).map(({ state, rows }) => [state, rows]);
    expect(found).toContainEqual(['delivered', '30,000']);
    expect(found).toContainEqual(['failed', '0']);
    await feed.load('a.csv.gz', whole);
    expect(await valuesIn(bootstrapServers, feed.name)).toHaveLength(30_000);
  });
});

describe('reset', () => {
  test('has one file loaded from its first row again, and no other', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    await feed.load('b.csv', 'symbol,price\nANZ,4\n');
    const { code, stdout, stderr } = await feed.run(
      'offsets',
      'reset',
      feed.name,
      '--file',
      'a.csv',
      ...WORKER,
    );
    expect(stdout).toBe(`${feed.name}: 1 offset forgotten\n`);
    expect(stderr).toContain('KAFKA_FENCED');
    expect(code).toBe(0);
    await feed.load('a.csv', ROWS);
    await feed.load('b.csv', 'symbol,price\nANZ,4\n');
    const once = '{"symbol":"ANZ","price":4}';
    expect(await valuesIn(bootstrapServers, feed.name)).toEqual([once, ...DELIVERED, ...DELIVERED].sort());
  });

  test('forgets all of a connector', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    await feed.load('b.csv', ROWS);
    const { stdout } = await feed.run('offsets', 'reset', feed.name, ...WORKER, '--json');
    expect(JSON.parse(stdout)).toEqual({ connector: feed.name, forgotten: 2 });
    const list = await feed.run('offsets', 'list', ...WORKER, '--json');
    expect(JSON.parse(list.stdout).connectors).toEqual([]);
  });

  test('leaves a task that is at work alone, unless it is forced: then the task can write nothing more', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    const task = await TransactionalProducer.start(clientOf(bootstrapServers), {
      transactionalId: `headrace-standalone-${feed.name}-0`,
      transactionTimeoutMs: 60_000,
    });
    onTestFinished(() => task.close());
    task.begin();
    await task.send([{ topic: feed.name, partition: 0, batch: batchOf('never to be seen') }]);
    const refused = await feed.run('offsets', 'reset', feed.name, ...WORKER);
    expect(refused.stderr).toContain(`${feed.name} is at work: headrace-standalone-${feed.name}-0`);
    expect(refused.code).toBe(2);
    expect((await offsetsOf(feed)).offsets).toHaveLength(1);
    const forced = await feed.run('offsets', 'reset', feed.name, ...WORKER, '--force');
    expect(forced.code).toBe(0);
    await expect(task.commit()).rejects.toMatchObject({ code: 'KAFKA_FENCED' });
    expect(await valuesIn(bootstrapServers, feed.name)).toEqual(DELIVERED);
  });

  test('shuts out every task of a worker that is idle', async () => {
    const feed = await newFeed({ 'tasks.max': '2' });
    const daemon = feed.folder.start();
    const drop = (from: number) =>
      Promise.all(Array.from({ length: 8 }, (_, i) => feed.folder.write(`drop/${from + i}.csv`, ROWS)));
    const completed = Array.from({ length: 8 }, (_, i) =>
      daemon.waitFor(({ msg, file }) => msg === 'file completed' && file === `${i}.csv`),
    );
    await drop(0);
    expect(new Set((await Promise.all(completed)).map(({ task }) => task))).toEqual(new Set([0, 1]));
    const { code } = await feed.run('offsets', 'reset', feed.name, ...WORKER);
    expect(code).toBe(0);
    await drop(8);
    const failures = [0, 1].map((task) =>
      daemon.waitFor((line) => line.msg === 'task failed' && line.task === task),
    );
    for (const { error } of await Promise.all(failures))
      expect(error).toMatchObject({ code: 'KAFKA_FENCED' });
    expect(await valuesIn(bootstrapServers, feed.name)).toEqual(Array(8).fill(DELIVERED).flat().sort());
  });
});

describe('alter', () => {
  test('has a file go on where it says', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    const { offsets } = await offsetsOf(feed);
    const [{ partition }] = offsets as [(typeof offsets)[number]];
    const offset = { position: 19, row: 1, line: 2, head: 13, produced: 1 };
    await writeFile(feed.folder.at('to.json'), JSON.stringify({ offsets: [{ partition, offset }] }));
    const { code, stdout } = await feed.run(
      'offsets',
      'alter',
      feed.name,
      '--json-file',
      'to.json',
      ...WORKER,
    );
    expect(stdout).toBe(`${feed.name}: 1 offset written\n`);
    expect(code).toBe(0);
    expect((await offsetsOf(feed)).offsets).toEqual([{ partition, offset }]);
    await feed.load('a.csv', ROWS);
    const again = '{"symbol":"CBA","price":3}';
    expect(await valuesIn(bootstrapServers, feed.name)).toEqual([...DELIVERED, again].sort());
  });

  test('takes what show prints, and null to forget, in whatever order the properties are', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    const before = await offsetsOf(feed);
    await writeFile(feed.folder.at('same.json'), JSON.stringify(before));
    await feed.run('offsets', 'alter', feed.name, '--json-file', 'same.json', ...WORKER);
    expect(await offsetsOf(feed)).toEqual(before);
    const { file, generation } = before.offsets[0]?.partition ?? {};
    const forget = { offsets: [{ partition: { generation, file }, offset: null }] };
    await writeFile(feed.folder.at('forget.json'), JSON.stringify(forget));
    const { code } = await feed.run('offsets', 'alter', feed.name, '--json-file', 'forget.json', ...WORKER);
    expect(code).toBe(0);
    const list = await feed.run('offsets', 'list', ...WORKER, '--json');
    expect(JSON.parse(list.stdout).connectors).toEqual([]);
  });

  test('refuses what no task could have written, and changes nothing', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    const partition = { file: 'a.csv', generation: 'x' };
    const offset = { position: 19, row: 1, line: 2, head: 13, produced: 1 };
    const wrong: [alteration: unknown, said: string][] = [
      [
        { partition, offset: { ...offset, row: 7 } },
        'offset.row: expected produced 1 + filtered 0 + rejected 0 = 1, got 7',
      ],
      [{ partition, offset: { ...offset, position: -1 } }, 'offset.position: expected a whole number'],
      [
        { partition, offset: { ...offset, position: 3 } },
        'offset.position: expected at least head, 13, got 3',
      ],
      [{ partition, offset: { ...offset, filterd: 1 } }, 'offset.filterd: unknown; did you mean filtered?'],
      [{ partition: { file: 'a.csv' }, offset }, 'partition.generation: expected text'],
      [{ offset }, 'partition: expected an object'],
    ];
    const text = JSON.stringify({ offsets: wrong.map(([alteration]) => alteration) });
    await writeFile(feed.folder.at('to.json'), text);
    const { code, stderr } = await feed.run(
      'offsets',
      'alter',
      feed.name,
      '--json-file',
      'to.json',
      ...WORKER,
    );
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toEqual(
      wrong.map(([, said], index) => expect.stringContaining(`to.json: offsets[${index}]: ${said}`)),
    );
    expect(code).toBe(2);
    expect((await offsetsOf(feed)).offsets[0]?.offset).toMatchObject({ position: 33 });
  });
});

describe('a mistake is told in one line', () => {
  test('in the arguments', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    const mistakes: [args: string[], said: RegExp][] = [
      [['show', `${feed.name}x`, ...WORKER], new RegExp(`did you mean ${feed.name}\\?$`)],
      [
        ['reset', feed.name, '--file', 'b.csv', ...WORKER],
        /has no offset of a file "b\.csv"; did you mean a\.csv\?/,
      ],
      [['show', feed.name], /^which Kafka\? Give --worker FILE, or HEADRACE_BOOTSTRAP_SERVERS$/],
      [['show', feed.name, '--worker', 'none.yaml'], /^none\.yaml: no such file$/],
      [['alter', feed.name, ...WORKER, '--json-file', 'none.json'], /^none\.json: no such file$/],
      [['alter', feed.name, ...WORKER, '--json-file', 'worker.yaml'], /^worker\.yaml: is no JSON: /],
    ];
    for (const [args, said] of mistakes) {
      const { code, stderr, stdout } = await feed.run('offsets', ...args);
      expect([code, stdout, stderr.trimEnd()]).toEqual([2, '', expect.stringMatching(said)]);
    }
  });

  test('in the surroundings: nothing was delivered yet, a topic that forgets, no Kafka', async () => {
    const feed = await newFeed();
    const none = await feed.run('offsets', 'list', ...WORKER);
    expect(none.stderr).toMatch(/^offset\.storage\.topic: there is no topic .*nothing was delivered.*\n$/);
    expect(none.code).toBe(2);
    await ensureTopics(clientOf(bootstrapServers), [
      {
        topic: feed.offsetTopic,
        partitions: 1,
        replicationFactor: 1,
        config: { 'cleanup.policy': 'delete' },
      },
    ]);
    const forgetful = await feed.run('offsets', 'list', ...WORKER);
    expect(forgetful.stderr).toContain('has cleanup.policy=delete, and must have cleanup.policy=compact');
    expect(forgetful.code).toBe(2);
    await feed.folder.write('away.yaml', 'bootstrap.servers: localhost:1\n');
    const away = await feed.run('offsets', 'list', '--worker', 'away.yaml');
    expect(away.stderr).toMatch(/^Kafka cannot be reached: .*\n$/);
    expect(away.code).toBe(4);
  });
});
