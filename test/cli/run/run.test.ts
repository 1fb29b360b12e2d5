import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { valuesIn } from '../../integration/support/read-topic.ts';
import { BUILT_COMMAND } from '../../support/built-command.ts';
import { uniqueName } from '../../support/stack.ts';
import { bootstrapServers, newFeed } from '../support/loaded-feed.ts';
import { applying, PluginFeed } from '../support/plugin-feed.ts';

const ROWS = 'symbol,price\nBHP,1\n';

test('SIGHUP, as of a terminal that closes, stops the worker like SIGTERM, and is told', async () => {
  const { folder } = await newFeed();
  const daemon = folder.start();
  await daemon.waitFor('worker started');
  daemon.signal('SIGHUP');
  daemon.signal('SIGHUP');
  expect(await daemon.exited).toBe(129);
  expect(await daemon.waitFor('stopping')).toMatchObject({ signal: 'SIGHUP' });
  await daemon.waitFor('worker stopped');
});

test('a log that has no room stops no feed, and says later how many lines it lacks', async () => {
  const { folder } = await newFeed();
  const log = folder.at('log.json');
  const fd = openSync(log, 'a');
  const args = [BUILT_COMMAND, 'run', 'feed.yaml', '--worker', 'worker.yaml'];
  const child = spawn(process.execPath, args, { cwd: folder.path, stdio: ['ignore', 'ignore', fd] });
  closeSync(fd);
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = async () => (await readFile(log, 'utf8')).split('\n').slice(0, -1);
  const logged = async () => (await lines()).map((line) => (JSON.parse(line) as { msg: string }).msg);
  const limit = (bytes: string | number) =>
    execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${bytes}:`]);
  await expect.poll(logged, { timeout: 20_000 }).toContain('worker started');
  const size = async () => (await stat(log)).size;
  // A line may come just then.
  for (let before = -1; before !== (await size()); ) {
    before = await size();
    limit(before + 10);
  }
  await folder.write('drop/a.csv', ROWS);
  const done = () => readdir(folder.at('done')).catch(() => []);
  await expect.poll(done, { timeout: 20_000 }).toEqual(['a.csv']);
  const endsWithin = async () => !(await readFile(log, 'utf8')).endsWith('\n');
  await expect.poll(endsWithin, { timeout: 20_000 }).toBe(true);
  limit('unlimited');
  await folder.write('drop/b.csv', ROWS);
  await expect.poll(done, { timeout: 20_000 }).toEqual(['a.csv', 'b.csv']);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  const whole = (await lines()).filter((line) => line.endsWith('}'));
  const lost = whole.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'log lines lost');
  expect(lost).toEqual([expect.objectContaining({ level: 40, reason: expect.stringContaining('EFBIG') })]);
  expect(lost[0].count).toBeGreaterThan(2);
  expect(JSON.parse(whole.at(-1) as string)).toMatchObject({ msg: 'worker stopped' });
});

test.each([
  ['LOG_PRETTY', { LOG_PRETTY: '1' }, []],
  ['--pretty', {}, ['--pretty']],
])('%s makes it a log for people, a line each', async (_, env, flags) => {
  const { folder } = await newFeed();
  const args = [BUILT_COMMAND, 'run', 'feed.yaml', '--worker', 'worker.yaml', ...flags];
  const child = spawn(process.execPath, args, {
    ...{ cwd: folder.path, env: { ...process.env, ...env } },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let log = '';
  child.stderr?.on('data', (text: Buffer) => {
    log += text;
  });
  await folder.write('drop/a.csv', ROWS);
  await expect.poll(() => log, { timeout: 20_000 }).toContain('file completed');
  child.kill('SIGTERM');
  await once(child, 'exit');
  const lines = log.trimEnd().split('\n');
  for (const line of lines) expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{3} (DEBUG|INFO |WARN ) \S/);
  const completed = lines.find((line) => line.includes('file completed'));
  expect(completed).toMatch(
    new RegExp(`INFO  ${folder.name}-0 file completed file=a.csv .*rows=1 .*durationMs=\\d+`),
  );
});

/** Prints 200 characters for each row, as code that somebody was debugging does. */
const CHATTY = applying(
  "      console.error('x'.repeat(200));\n      console.log('y');\n      return record;",
);
const CHATTY_ROWS = 2000;

/** A shell that starts the command with its output somewhere that takes no lines. */
const DEAF = [
  ['on a full disk', '"$@" >/dev/full 2>/dev/full'],
  ['whose reader is gone', '"$@" > >(exec true) 2> >(exec true)'],
  [
    'whose reader does not read',
    'exec 3> >(exec sleep 60); sleeper=$!; "$@" >&3 2>&3; code=$?; kill $sleeper; exit $code',
  ],
] as const;

test.each(DEAF)('output %s costs lines, and no row', async (_where, script) => {
  const { folder, name } = await PluginFeed.make(
    CHATTY,
    { 'connector.class': 'local', 'input.path': 'many.csv', 'settle.ms': null, 'scan.interval.ms': null },
    { 'bootstrap.servers': bootstrapServers, 'offset.storage.topic': uniqueName('offsets') },
  );
  const symbols = Array.from({ length: CHATTY_ROWS }, (_, row) => `S${row}`);
  await folder.write('many.csv', `symbol,price\n${symbols.map((symbol) => `${symbol},1\n`).join('')}`);
  const command = [process.execPath, BUILT_COMMAND, 'run', 'feed.yaml', '--worker', 'worker.yaml'];
  const child = spawn('bash', ['-c', script, 'bash', ...command], { cwd: folder.path, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(await valuesIn(bootstrapServers, name)).toEqual(
    symbols.map((symbol) => `{"symbol":"${symbol}","price":1}`).sort(),
  );
});
