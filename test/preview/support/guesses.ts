import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { parseConfigText } from '../../../src/config/read/config-file.ts';
import { offlineWorker } from '../../../src/dry-run/offline-worker.ts';
import { type CheckedGuess, guessFile } from '../../../src/preview/guess/guess-file.ts';
import { starterFeed } from '../../../src/preview/guess/starter-feed.ts';
import { previewFile } from '../../../src/preview/preview.ts';
import { feedOf } from '../../../src/runtime/worker/feed.ts';

const folder = mkdtempSync(join(tmpdir(), 'headrace-guess-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: string | Buffer, name = 'rows.csv') {
  const path = join(folder, name);
  writeFileSync(path, content);
  return { shown: name, path, absolute: path };
}

export function guessOf(content: string | Buffer, name?: string): Promise<CheckedGuess> {
  return guessFile(fileOf(content, name));
}

/** A column as one text: its type, its settings and whether it is optional. */
export function columnText({ type, settings, optional }: CheckedGuess['columns'][number]): string {
  const pairs = Object.entries(settings).map((pair) => pair.join(' '));
  return [type, ...pairs, ...(optional ? ['optional'] : [])].join(' ');
}

/** The columns of a guess, each by its name. */
export function columnTexts({ columns }: CheckedGuess): Record<string, string> {
  return Object.fromEntries(columns.map((column) => [column.name, columnText(column)]));
}

/** What the starter feed makes of the file that it was guessed from. */
export async function started(content: string | Buffer, name?: string) {
  const file = fileOf(content, name);
  const guess = await guessFile(file);
  const text = starterFeed(file, guess, join(folder, 'feed.yaml'));
  const { config, problems } = parseConfigText(text, { source: 'feed.yaml', folder });
  expect(problems).toEqual([]);
  const feed = await feedOf(config, await offlineWorker(null, {}));
  const { rows } = await previewFile(feed.config, file, 1000);
  return { guess, text, config: feed.config, rows };
}
