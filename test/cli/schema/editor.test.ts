import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { headrace } from '../support/run-command.ts';
import { YamlServer } from './language-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'headrace-editor-'));
afterAll(() => rmSync(folder, { recursive: true }));
const { stdout } = await headrace(['schema', 'feed'], { cwd: folder });
writeFileSync(join(folder, 'feed.schema.json'), stdout);

const HEAD = '# yaml-language-server: $schema=./feed.schema.json\n';

/** As an editor that has the language server for YAML shows it. */
function inEditor(...lines: string[]) {
  return YamlServer.open(join(folder, 'feed.yaml'), HEAD + lines.join('\n'));
}

test('an editor finds nothing wrong with a feed, and explains its options', async () => {
  const { server, diagnostics } = await inEditor(
    'name: trades',
    'connector.class: directory',
    'input.path: ./drop',
    'transforms: parse',
    'transforms.parse.type: csv',
    'errors.tolerance: all',
  );
  expect(diagnostics).toEqual([]);
  expect(await server.hover(6, 3)).toContain('all sends bad rows to the dead-letter queue');
});

test('an editor shows a slip of the pen, and what is missing', async () => {
  const { diagnostics } = await inEditor(
    'name: trades',
    'connector.class: directory',
    'finishd.path: ./done',
  );
  expect(diagnostics.join('\n')).toMatch(/finishd\.path/);
  expect(diagnostics.join('\n')).toMatch(/input\.path/);
});

test('an editor offers the names of connectors, the words of an option, and options', async () => {
  const { server } = await inEditor('name: trades', 'connector.class: ', 'errors.tolerance: ', 'fini');
  expect(await server.completions(2, 17)).toEqual(expect.arrayContaining(['directory', 's3', 'sftp']));
  expect(await server.completions(3, 18)).toEqual(expect.arrayContaining(['none', 'all']));
  expect(await server.completions(4, 4)).toContain('finished.path');
});
