import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { validateFiles } from '../../src/cli/validate/validate.ts';
import { completed, exampleFolder, put } from './feed-blocks.ts';
import { blocks, blocksOf, page } from './markdown.ts';

const NOTES = ['feed', 'worker', 'part'];
/** Secrets that examples take from there. */
const environment = {
  KEY_PASSWORD: 'secret',
  REGISTRY_LOGIN: 'me:secret',
  REGISTRY_TOKEN: 'secret',
  HOOK_TOKEN: 'secret',
};
const folder = exampleFolder(blocks('ts'));
afterAll(() => rmSync(folder, { recursive: true }));

async function mistakesIn(...files: string[]): Promise<string> {
  let told = '';
  const output = { write: (text: string) => (told += text) };
  const code = await validateFiles(files, { environment, stdout: { write() {} }, stderr: output });
  return code === 0 ? '' : told;
}

describe('every YAML example', () => {
  const worker = put(folder, 'worker.yaml', 'bootstrap.servers: localhost:9092\nplugin.path: ./plugins\n');
  put(folder, 'reference/companies.csv', 'symbol,name,company_id\n');

  test.each(blocks('yaml'))('$place is a $note that validates', async ({ note, text }) => {
    expect(NOTES).toContain(note);
    const file = put(folder, 'example.yaml', note === 'part' ? completed(text) : text);
    expect(await mistakesIn(...(note === 'worker' ? [file] : [worker, file]))).toBe('');
  });
});

test('the mistake that the README shows is what validate says', async () => {
  const shown = blocksOf(page('README.md')).find(({ note }) => note === 'validate');
  const feed = put(folder, 'feed.yaml', page('config/trades.yaml').text);
  const lines = ['name: trades', 'connector.class: directory', 'input.pth: ./drop'];
  const rest = page('config/trades.yaml').text.replaceAll(/^(name|connector\.class|input\.path):.*\n/gm, '');
  put(folder, 'feed.yaml', `${lines.join('\n')}\n${rest}`);
  const told = (await mistakesIn(feed)).replaceAll(join(folder, '/'), '');
  expect(told).toContain(shown?.text);
});
