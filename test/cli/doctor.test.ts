import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ensureTopics } from '../../src/kafka/cluster/topic-creation.ts';
import { clientOf } from '../integration/support/read-topic.ts';
import { unraisedKafka } from '../support/stack.ts';
import { bootstrapServers, type LoadedFeed, newFeed } from './support/loaded-feed.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const ROWS = 'symbol,price\nBHP,1\n';

/** What a command says of one key. */
function lineOf(stdout: string, key: string): string | undefined {
  return stdout
    .split('\n')
    .find((line) => line.includes(`${key}: `))
    ?.trim();
}

const doctor = (feed: LoadedFeed, ...args: string[]) =>
  feed.run('doctor', 'feed.yaml', '--worker', 'worker.yaml', ...args);

/** A server that answers everything with one status and body. */
async function serverWith(status: number, body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Where a server was a moment ago. */
async function addressOfNobody(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

const registry = (url: string) => ({ 'value.converter': 'avro', 'value.converter.schema.registry.url': url });

test('two feeds that would take files from each other are a mistake, as they are to run', async () => {
  const feed = await newFeed({ 'input.path': './drop' });
  const first = await readFile(feed.folder.at('feed.yaml'), 'utf8');
  await feed.folder.write('other.yaml', first.replace(feed.name, `${feed.name}-2`));
  const { stdout, code } = await feed.run('doctor', 'feed.yaml', 'other.yaml', '--worker', 'worker.yaml');
  expect(lineOf(stdout, 'input.path')).toMatch(/^✗ input\.path: .*feed\.yaml/);
  expect(code).toBe(2);
});

test('a file that a transformation reads and that is not there is a mistake', async () => {
  const feed = await newFeed({ 'transforms.validate.schema.file': './none.avsc' });
  const { stdout, code } = await doctor(feed);
  expect(lineOf(stdout, 'transforms.validate')).toMatch(
    /^✗ transforms\.validate: schema\.file .*none\.avsc: no such file$/,
  );
  expect(code).toBe(2);
});

describe('all is well', () => {
  test('before the first start: topics can be made, folders too', async () => {
    const feed = await newFeed({ 'end.of.file.topic': 'market.files' });
    const { stdout, code } = await doctor(feed);
    expect(stdout).not.toContain('✗');
    expect(lineOf(stdout, 'end.of.file.topic')).toContain('market.files does not exist and will be made');
    expect(lineOf(stdout, 'file.status.storage.topic')).toMatch(/^✓/);
    expect(lineOf(stdout, 'offset.storage.topic')).toBe(
      `✓ offset.storage.topic: ${feed.offsetTopic} does not exist and will be made`,
    );
    expect(lineOf(stdout, 'transforms.route.topic')).toContain(
      `${feed.name} does not exist and will be made`,
    );
    expect(lineOf(stdout, 'finished.path')).toContain('will be made');
    expect(code).toBe(0);
  });

  test('and after it: a transaction works, the topics are there, the clocks agree', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    const { stdout, code } = await doctor(feed, '--json');
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: { key: string; message: string }[] };
    const message = (key: string) => checks.find((check) => check.key === key)?.message;
    expect(ok).toBe(true);
    expect(message('bootstrap.servers')).toBe(`1 broker at ${bootstrapServers}`);
    expect(message('group.id')).toBe('a transaction of headrace-standalone-doctor was begun and aborted');
    expect(message("brokers' transaction.version")).toMatch(/^2 or more/);
    expect(message('clock')).toMatch(/from the broker's$/);
    expect(message('transforms.route.topic')).toContain(`${feed.name} has 2 partitions`);
    expect(message("brokers' transaction.state.log.replication.factor")).toBe('1');
    expect(code).toBe(0);
  });

  test('a cluster that was not raised to the newer protocol of transactions is told how that is done', async () => {
    const feed = await newFeed();
    const unraised = await unraisedKafka();
    const compacted = { replicationFactor: 1, config: { 'cleanup.policy': 'compact' } };
    await ensureTopics(clientOf(unraised.bootstrapServers), [
      { topic: feed.offsetTopic, partitions: 1, ...compacted },
    ]);
    await feed.folder.write(
      'worker.yaml',
      `bootstrap.servers: ${unraised.bootstrapServers}\noffset.storage.topic: ${feed.offsetTopic}\n`,
    );
    const { stdout, code } = await doctor(feed);
    expect(lineOf(stdout, "brokers' transaction.version")).toMatch(
      /^!.* upgrade --feature transaction\.version=2$/,
    );
    expect(code).toBe(0);
  });

  test('it leaves nothing that a reader of offsets would see', async () => {
    const feed = await newFeed();
    await feed.load('a.csv', ROWS);
    const show = () => feed.run('offsets', 'list', '--worker', 'worker.yaml', '--json');
    const before = await show();
    await doctor(feed);
    expect(await show()).toEqual(before);
  });

  test('a registry that answers', async () => {
    const url = await serverWith(200, '["a-value"]');
    const { stdout, code } = await doctor(await newFeed(registry(url)));
    expect(lineOf(stdout, 'schema.registry.url')).toBe(
      `✓ value.converter.schema.registry.url: ${url} answers`,
    );
    expect(code).toBe(0);
  });
});

describe('what fails names its key and the mend', () => {
  test('Kafka that is away is an outage; what can be looked at without it is', async () => {
    const feed = await newFeed();
    await feed.folder.write('worker.yaml', 'bootstrap.servers: localhost:1\n');
    const { stdout, code } = await doctor(feed);
    expect(lineOf(stdout, 'bootstrap.servers')).toMatch(/^✗ bootstrap\.servers: Kafka cannot be reached/);
    expect(lineOf(stdout, 'input.path')).toMatch(/^✓/);
    expect(code).toBe(4);
  });

  test('an offset topic that forgets', async () => {
    const feed = await newFeed();
    await ensureTopics(clientOf(bootstrapServers), [
      {
        topic: feed.offsetTopic,
        partitions: 1,
        replicationFactor: 1,
        config: { 'cleanup.policy': 'delete' },
      },
    ]);
    const { stdout, code } = await doctor(feed);
    expect(lineOf(stdout, 'offset.storage.topic')).toMatch(/^✗ .*cleanup\.policy=delete.*Change it with/);
    expect(code).toBe(2);
  });

  const broken: [what: string, options: Record<string, string>, key: string, said: RegExp][] = [
    [
      'more replicas than brokers',
      { 'topic.creation.default.replication.factor': '3' },
      'transforms.route.topic',
      /INVALID_REPLICATION_FACTOR/,
    ],
    ['a folder that is not there', { 'input.path': './none' }, 'input.path', /make the folder/],
    [
      'a folder below one that is not there',
      { 'finished.path': './a/b' },
      'finished.path',
      /make the folder/,
    ],
    ['a file for a folder', { 'error.path': './worker.yaml' }, 'error.path', /it is not a folder/],
  ];

  test.each(broken)('%s', async (_, options, key, said) => {
    const feed = await newFeed(options);
    const { stdout, code } = await doctor(feed);
    const line = lineOf(stdout, key);
    expect(line).toMatch(/^✗/);
    expect(line).toMatch(said);
    expect(stdout).toMatch(/\n1 of \d+ checks failed\n$/);
    expect(code).toBe(2);
  });

  test('a registry that is away is an outage', async () => {
    const { stdout, code } = await doctor(await newFeed(registry(await addressOfNobody())));
    expect(lineOf(stdout, 'value.converter.schema.registry.url')).toMatch(
      /^✗ .*does not answer: .*ECONNREFUSED/,
    );
    expect(stdout).toMatch(/\n1 of \d+ checks failed\n$/);
    expect(code).toBe(4);
  });

  test('a server that is no registry, and one that does not know the user', async () => {
    const other = await doctor(await newFeed(registry(await serverWith(200, '<html>'))));
    expect(lineOf(other.stdout, 'schema.registry.url')).toContain('is no schema registry');
    expect(other.code).toBe(2);
    const closed = await doctor(await newFeed(registry(await serverWith(401, '{}'))));
    expect(lineOf(closed.stdout, 'value.converter.basic.auth.user.info')).toContain('mend user and password');
    expect(closed.code).toBe(2);
  });

  test('topics that are missing where none may be made', async () => {
    const feed = await newFeed();
    await feed.folder.worker({
      'bootstrap.servers': bootstrapServers,
      'offset.storage.topic': feed.offsetTopic,
      'topic.creation.enable': 'false',
    });
    const { stdout, code } = await doctor(feed);
    for (const key of ['transforms.route.topic', 'errors.deadletterqueue.topic.name']) {
      expect(lineOf(stdout, key)).toMatch(
        /^✗ .*does not exist; create it, or set topic\.creation\.enable: true/,
      );
    }
    expect(code).toBe(2);
  });

  test('a mistake in a feed, beside all that can still be looked at', async () => {
    const feed = await newFeed();
    await feed.folder.write('wrong.yaml', 'name: a\nconnector.class: directry\ninput.path: ./drop\n');
    const { stdout, code } = await feed.run('doctor', 'feed.yaml', 'wrong.yaml', '--worker', 'worker.yaml');
    expect(stdout).toContain('did you mean directory?');
    expect(lineOf(stdout, 'input.path')).toMatch(/^✓/);
    expect(code).toBe(2);
  });
});

test('without a worker it asks for one', async () => {
  const feed = await newFeed();
  const { stderr, code } = await feed.run('doctor', 'feed.yaml');
  expect(stderr).toBe('which Kafka? Give --worker FILE, or HEADRACE_BOOTSTRAP_SERVERS\n');
  expect(code).toBe(2);
  await mkdir(feed.folder.at('empty'));
  const folder = await feed.run('doctor', '--worker', 'empty');
  expect(folder.stderr).toContain('empty: is a folder; expected a YAML or JSON file');
  expect(folder.code).toBe(2);
});
