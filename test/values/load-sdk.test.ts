import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { loadSdk } from '../../src/values/load-sdk.ts';
import { temporaryFolder } from '../connectors/support.ts';

/** Imports a package from a folder, as Node does it. */
function importer(files: Readonly<Record<string, string>>, what: string): () => Promise<unknown> {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  writeFileSync(join(folder, 'loads.mjs'), `export const load = () => import(${JSON.stringify(what)});`);
  return async () => (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'loads.mjs')).href)).load();
}

test('a package that is not installed is one line with the command that installs it', async () => {
  const load = importer({}, '@some/sdk');
  await expect(loadSdk('@some/sdk', 'connector.class: some', load)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    retriable: false,
    message:
      'connector.class: some needs the package @some/sdk, which is not installed: npm install @some/sdk',
  });
});

test('a package that lacks what it needs itself is told from one that is missing', async () => {
  const files = {
    'node_modules/@some/sdk/package.json': '{"main":"index.mjs","type":"module"}',
    'node_modules/@some/sdk/index.mjs': "import 'what-it-needs';",
  };
  const load = importer(files, '@some/sdk');
  await expect(loadSdk('@some/sdk', 'connector.class: some', load)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(/which cannot be loaded \(.*what-it-needs.*install it anew/),
  });
});

test('a package that is there is given', async () => {
  const files = {
    'node_modules/sdk/package.json': '{"main":"index.mjs","type":"module"}',
    'node_modules/sdk/index.mjs': 'export const client = 5;',
  };
  expect(await loadSdk('sdk', 'a feed', importer(files, 'sdk'))).toMatchObject({ client: 5 });
});
