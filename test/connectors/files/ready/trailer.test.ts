import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { checkTrailer } from '../../../../connectors/files/ready/trailer.ts';
import { DropFolder, lines, text } from '../../drop-folder.ts';

const CONFIG = { scanIntervalMs: 100, settleMs: 20, readyPattern: 'TRAILER,{rows}' };

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}

test.each(['TRAILER', '{rows},{rows}'])('the pattern %j is a mistake', (pattern) => {
  expect([...checkTrailer(pattern)]).toMatchObject([{ key: 'ready.pattern' }]);
});

test.each([
  ['that is plain', 'a.csv', (content: string) => Buffer.from(content)],
  ['that is compressed', 'a.csv.gz', (content: string) => gzipSync(content)],
])('a file %s is taken once its last line is a trailer row, which is no row of it', async (_, path, pack) => {
  const folder = new DropFolder();
  const rows = lines(200_000);
  folder.drop(path, pack(text(rows)));
  const end = once(() =>
    writeFileSync(join(folder.input, path), pack(`${text(rows)}TRAILER,200000\r\n\r\n`)),
  );
  const claimed = new Set<number | undefined>();
  const { delivered, context } = await folder.watch({
    config: CONFIG,
    onChunk: ({ file }) => claimed.add(file.claimedRows),
    until: ({ states }) => {
      if (states.some(({ detail }) => detail.error !== undefined)) end();
      return states.some(({ state }) => state === 'COMPLETED');
    },
  });
  expect(delivered).toHaveLength(1);
  expect(delivered[0]?.lines.length).toBe(200_000);
  expect(delivered[0]?.lines.at(-1)).toBe(rows.at(-1));
  expect([...claimed]).toEqual([200_000]);
  const waits = context.states.flatMap(({ detail }) => detail.error ?? []);
  expect(waits).toEqual(['waits for its last line to be as ready.pattern says']);
  // It is known again, and not waited for.
  expect((await folder.watch({ config: { ...CONFIG, finishedPath: folder.done } })).delivered).toEqual([]);
  expect(folder.list('done')).toEqual([path]);
});

test('a file with nothing but a trailer row has no rows', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', 'TRAILER,0');
  const { delivered } = await folder.watch({ config: CONFIG });
  expect(delivered.flatMap(({ lines }) => lines)).toEqual([]);
});

test('rows that were added behind a trailer row give the file up when there is another, and nothing of them is sent', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', '1\n2\nTRAILER,2\n');
  await folder.watch({ config: CONFIG });
  appendFileSync(join(folder.input, 'a.csv'), '3\nTRAILER,3\n');
  const { delivered, context } = await folder.watch({ config: CONFIG });
  expect(delivered).toEqual([]);
  expect(context.states.at(-1)).toMatchObject({
    state: 'FAILED',
    detail: { error: expect.stringContaining('rows added behind its trailer row') },
  });
});
