import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { LoadFolder, MANY, quotes } from '../../load/support.ts';
import { samplesOf } from '../../rest/samples.ts';

test('a load tells its metrics while it runs, by the name of its job, and takes them along', async () => {
  const folder = await LoadFolder.makeSlow();
  const { feed } = await folder.writeMany();
  const started = folder.start(['a.csv', '--feed', feed, '--metrics-listener', '127.0.0.1:0']);
  const url = await new Promise<string>((resolve) => {
    started.child.stderr?.on('data', (text: string) => {
      const found = /^metrics: (http:\S+)$/m.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const told = async (name: string) =>
    Object.entries(samplesOf(await (await fetch(url)).text(), name)).map(
      ([labels, value]) => [/connector="([^"]*)"/.exec(labels)?.[1], value] as const,
    );
  await expect.poll(() => told('connect_source_record_write_total'), { timeout: 20_000 }).not.toEqual([]);
  await expect
    .poll(async () => (await told('connect_source_record_write_total'))[0]?.[1] ?? 0, { timeout: 20_000 })
    .toBeGreaterThan(0);
  const [[job, written] = []] = await told('connect_source_record_write_total');
  expect(job).toBe(folder.job);
  expect(written).toBeLessThanOrEqual(MANY.rows);
  expect(await told('headrace_lag_files')).toEqual([[folder.job, 1]]);
  await started.ended;
  await expect(fetch(url)).rejects.toThrow();
});

test.each([
  ['no address', '9404', /^--metrics-listener: expected HOST:PORT, such as 127\.0\.0\.1:9404, got "9404"$/m],
  ['a URL', 'http://127.0.0.1:1', /^--metrics-listener: expected HOST:PORT/m],
  ['a port that cannot be', '127.0.0.1:99999', /^--metrics-listener: expected HOST:PORT/m],
  ['an address of others', '192.0.2.1:0', /^--metrics-listener: cannot listen on 192\.0\.2\.1:0: /m],
])('%s is a mistake, and nothing is read', async (_, address, said) => {
  const folder = await LoadFolder.make();
  await folder.write('a.csv', quotes(3));
  const ended = await folder.run(['a.csv', '--topic', folder.topic, '--metrics-listener', address]);
  expect(ended.stderr).toMatch(said);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(await folder.values()).toEqual([]);
});

test('a port that is taken and a dry run are mistakes, too', async () => {
  const folder = await LoadFolder.make();
  await folder.write('a.csv', quotes(3));
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const address = `127.0.0.1:${(server.address() as { port: number }).port}`;
  const args = ['a.csv', '--topic', folder.topic, '--metrics-listener', address];
  const taken = await folder.run(args);
  expect(taken.stderr).toContain(`--metrics-listener: another process listens on ${address} already`);
  expect(taken.code).toBe(2);
  const dry = await folder.run([...args, '--dry-run']);
  expect(dry.stderr).toContain('--dry-run delivers nothing');
  expect(dry.code).toBe(2);
});
