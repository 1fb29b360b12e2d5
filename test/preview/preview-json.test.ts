import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parseConfigText } from '../../src/config/read/config-file.ts';
import { offlineWorker } from '../../src/dry-run/offline-worker.ts';
import { guessFile } from '../../src/preview/guess/guess-file.ts';
import { starterFeed } from '../../src/preview/guess/starter-feed.ts';
import { previewRows } from '../../src/preview/preview.ts';
import { previewJson } from '../../src/preview/preview-json.ts';
import { feedOf } from '../../src/runtime/worker/feed.ts';

const folder = mkdtempSync(join(tmpdir(), 'headrace-preview-json-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('The JSON of a preview comes row by row, as all of it may be longer than a string', async () => {
  const absolute = join(folder, 'rows.csv');
  writeFileSync(absolute, `a\n${Array.from({ length: 50 }, (_, i) => `cell ${i}\n`).join('')}`);
  const file = { shown: 'rows.csv', path: absolute, absolute };
  const starter = starterFeed(file, await guessFile(file), join(folder, 'feed.yaml'));
  const { config } = parseConfigText(starter, { source: 'feed.yaml', folder });
  const feed = await feedOf(config, await offlineWorker(null, {}));
  const pieces: string[] = [];
  for await (const piece of previewJson(null, 'rows.csv', previewRows(feed.config, file, 40)))
    pieces.push(piece);
  const whole = JSON.parse(pieces.join(''));
  expect(whole.rows.map(({ raw }: { raw: string }) => raw)).toEqual(
    Array.from({ length: 40 }, (_, i) => `cell ${i}`),
  );
  expect(whole.summary).toMatchObject({ rows: 40, sent: 40, rejected: 0, whole: false });
  for (const piece of pieces) expect(piece.match(/"raw":/g)?.length ?? 0).toBeLessThan(2);
});
