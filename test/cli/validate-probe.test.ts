import { describe, expect, test, vi } from 'vitest';
import { ensureTopics } from '../../src/kafka/cluster/topic-creation.ts';
import { clientOf } from '../integration/support/read-topic.ts';
import { bootstrapServers, newFeed } from './support/loaded-feed.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

describe('validate --probe', () => {
  test('is content when the surroundings are', async () => {
    const feed = await newFeed();
    const { stdout, stderr, code } = await feed.run('validate', 'feed.yaml', 'worker.yaml', '--probe');
    expect([stdout, stderr, code]).toEqual(['feed.yaml: ok\nworker.yaml: ok\n', '', 0]);
  });

  test('tells what it found at the line where the key is', async () => {
    const feed = await newFeed({ 'finished.path': './a/b' });
    const { stdout, stderr, code } = await feed.run('validate', 'feed.yaml', 'worker.yaml', '--probe');
    expect(stderr).toMatch(/^feed\.yaml:\d+: finished\.path: .*a\/b cannot be written to: .*\n$/);
    expect(stdout).toBe('worker.yaml: ok\n');
    expect(code).toBe(2);
    const without = await feed.run('validate', 'feed.yaml', 'worker.yaml');
    expect(without.code).toBe(0);
  });

  test('tells before the first row what the topic does with rows of last year, and that it refuses one', async () => {
    const feed = await newFeed({
      'transforms.validate.fields.ts': 'timestamp',
      'transforms.route.timestamp': 'ts',
    });
    await ensureTopics(clientOf(bootstrapServers), [
      { topic: feed.name, partitions: 1, replicationFactor: 1, config: { 'retention.ms': '86400000' } },
    ]);
    const rows = ['BHP,1,2025-01-01T00:00:00Z', 'BHP,2,2099-12-31T00:00:00Z'];
    await feed.folder.write('drop/t.csv', `symbol,price,ts\n${rows.join('\n')}\n`);
    const { stderr, code } = await feed.run('validate', 'feed.yaml', 'worker.yaml', '--probe');
    expect(stderr).toMatch(/^feed\.yaml: note: transforms\.route\.timestamp: drop\/t\.csv: topic /);
    expect(stderr).toContain(
      `topic ${feed.name} deletes records whose time is more than 1 day ago (retention.ms=86400000)`,
    );
    expect(stderr).toContain('row 2 (line 3) would be rejected: expected a time at most 3600000 ms ahead');
    expect(code).toBe(0);
  });

  test('tells Kafka that is away from a mistake', async () => {
    const feed = await newFeed();
    await feed.folder.write('away.yaml', 'bootstrap.servers: localhost:1\n');
    const away = await feed.run('validate', 'feed.yaml', '--worker', 'away.yaml', '--probe', '--json');
    const { ok, files } = JSON.parse(away.stdout) as { ok: boolean; files: { file: string; ok: boolean }[] };
    expect(ok).toBe(false);
    expect(files.map(({ file, ok: isRight }) => [file, isRight])).toEqual([
      ['away.yaml', false],
      ['feed.yaml', true],
    ]);
    expect(away.code).toBe(4);
  });

  test('tells mistakes and what it found together', async () => {
    const feed = await newFeed({ 'finished.path': './a/b' });
    await feed.folder.write('wrong.yaml', 'name: wrong\nconnector.class: directry\n');
    const { stderr, code } = await feed.run(
      'validate',
      'feed.yaml',
      'wrong.yaml',
      '--worker',
      'worker.yaml',
      '--probe',
    );
    expect(stderr).toContain('did you mean directory?');
    expect(stderr).toMatch(/^feed\.yaml:\d+: finished\.path: /m);
    expect(code).toBe(2);
  });

  test('asks which Kafka when nothing says it', async () => {
    const feed = await newFeed();
    const { stderr, code } = await feed.run('validate', 'feed.yaml', '--probe');
    expect(stderr).toBe('which Kafka? Give --worker FILE, or HEADRACE_BOOTSTRAP_SERVERS\n');
    expect(code).toBe(2);
  });
});
