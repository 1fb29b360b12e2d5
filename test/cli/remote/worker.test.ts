import { readFile, writeFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { startRestDaemon } from '../../rest/rest-daemon.ts';
import { inProcess } from './in-process.ts';

/** The machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const WAIT = { timeout: 60_000 };

test('a connector is made, watched, changed, paused, stopped, its offsets altered, and deleted from a terminal', async () => {
  const rest = await startRestDaemon([{ name: 'in-file', 'input.path': './other' }], {
    'other/.keep': '',
    'made/a.csv': 'symbol,price\nBHP,1\nRIO,2\n',
  });
  const { folder, url } = rest;
  await rest.daemon.waitFor('worker started', 60_000);
  const made = `${folder.name}-made`;
  await folder.feed({ name: made, 'input.path': folder.at('made'), 'finished.path': null });
  const feed = folder.at('feed.yaml');
  const run = async (...args: string[]) => {
    const { stdout, stderr, code } = await inProcess([...args, '--url', url]);
    return { said: stdout + stderr, code };
  };
  const state = async () =>
    ((await rest.json(`/connectors/${made}/status`)) as { connector: { state: string } }).connector.state;

  expect(await run('config', made, '--file', feed)).toEqual({ code: 0, said: `${made}: made\n` });
  const listed = async () => (await run('files', made, '--state', 'DELIVERED', 'COMPLETED')).said;
  await expect.poll(listed, WAIT).toMatch(/\na\.csv +0 +COMPLETED +25 B +25 B +2 +2 +0 +0 +\S+Z\n$/);
  expect((await run('connectors')).said).toMatch(new RegExp(`\n${made} +directory +RUNNING +1 RUNNING\n`));

  expect(await run('config', made, '--set', 'settle.ms=70')).toEqual({ code: 0, said: `${made}: changed\n` });
  expect((await run('config', made)).said).toMatch(/\nsettle\.ms +70\n/);
  const broken = await run('config', made, '--set', 'settle.sm=70');
  expect(broken).toMatchObject({ code: 2, said: expect.stringContaining('settle.sm') });

  expect(await run('pause', made)).toEqual({ code: 0, said: `${made}: told to pause\n` });
  await expect.poll(state, WAIT).toBe('PAUSED');
  await run('resume', made);
  await expect.poll(state, WAIT).toBe('RUNNING');
  expect((await run('restart', made, '--include-tasks')).said).toContain(`${made}     0  RESTARTING`);

  const early = await run('offsets', 'reset', made);
  expect(early).toMatchObject({ code: 2, said: expect.stringContaining('must be in the STOPPED state') });
  await run('stop', made);
  await expect.poll(state, WAIT).toBe('STOPPED');
  const shown = (await run('offsets', 'show', made, '--json')).said;
  expect(JSON.parse(shown)).toMatchObject({
    offsets: [{ partition: { file: 'a.csv' }, offset: { row: 2 } }],
  });
  await writeFile(folder.at('offsets.json'), shown);
  const altered = await run('offsets', 'alter', made, '--json-file', folder.at('offsets.json'));
  expect(altered).toMatchObject({ code: 0, said: expect.stringContaining('altered successfully') });
  expect(await run('offsets', 'reset', made, '--file', 'a.csv')).toMatchObject({ code: 0 });
  expect((await run('offsets', 'show', made)).said).toContain('nothing of it was delivered yet');

  expect(await run('delete', made, '--yes')).toMatchObject({ code: 0 });
  expect(await run('delete', made, '--yes')).toEqual({ code: 2, said: `Connector ${made} not found\n` });
  const owned = await run('delete', 'in-file', '--yes');
  expect(owned).toMatchObject({ code: 2, said: expect.stringContaining('feed-0.yaml') });
  expect(await readFile(folder.at('feed-0.yaml'), 'utf8')).toContain('in-file');
});
