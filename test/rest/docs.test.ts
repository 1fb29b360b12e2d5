import { expect, test } from 'vitest';
import { blocksOf, page } from '../docs/markdown.ts';
import { startRestDaemon } from './rest-daemon.ts';

const PAGE = page('docs/rest.md');

function example(note: string): unknown {
  return JSON.parse(blocksOf(PAGE).find((block) => block.note === note)?.text ?? '');
}

test('docs/rest.md shows what a worker answers, and every path of it is there', async () => {
  const rest = await startRestDaemon(
    [{ name: 'trades', 'errors.tolerance': 'none', 'errors.deadletterqueue.topic.name': null }],
    { 'drop/a.csv': 'symbol,price\nBHP,1\nRIO,abc\nCBA,3\n' },
  );
  await rest.daemon.waitFor('task failed');
  const status = await (await rest.get('/connectors/trades/status')).text();
  const shown: Record<string, string> = { worker_id: '127.0.0.1:8083' };
  const asShown = JSON.parse(status, (key, value) => shown[key] ?? value);
  expect(asShown).toEqual(example('status'));
  const files = await (await rest.get('/connectors/trades/files')).text();
  const withoutTimes = (value: unknown) => JSON.stringify(value).replaceAll(/"\d{4}-[-\dT:.]+Z"/g, '"then"');
  expect(withoutTimes(JSON.parse(files))).toBe(withoutTimes(example('files')));

  const paths = [...PAGE.text.matchAll(/^\| `(\/[^`]*)`/gm)].map(([, path = '']) => path);
  expect(paths).toHaveLength(18);
  for (const path of paths) {
    expect(
      (await rest.get(path.replace('{connector}', 'trades').replace('{name}', 'directory'))).status,
      path,
    ).toBe(200);
  }
});
