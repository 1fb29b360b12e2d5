import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { BUILT_COMMAND } from '../support/built-command.ts';

const PLUGIN = `import { defineTransformation } from 'headrace/plugin';
import { symbolOf } from './symbols.ts';

export default defineTransformation({
  name: 'mine',
  doc: 'Shouts the symbol.',
  config: {},
  create: () => ({ apply: (record) => symbolOf(record) }),
});
`;

test('a plugin in TypeScript runs from a folder with nothing beside it, in a package that is not of ES modules', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-plugin-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'plugins'));
  const files: Record<string, string> = {
    'package.json': '{"type":"commonjs"}',
    'plugins/mine.ts': PLUGIN,
    'plugins/symbols.ts': 'export const symbolOf = <T>(record: T): T => record;\n',
    'worker.yaml': 'bootstrap.servers: localhost:9092\nplugin.path: ./plugins\n',
    'feed.yaml':
      'name: trades\nconnector.class: local\ninput.path: ./t.csv\ntransforms: parse,mine\n' +
      'transforms.parse.type: csv\ntransforms.mine.type: mine\n',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [BUILT_COMMAND, 'validate', 'feed.yaml', 'worker.yaml'],
    { cwd: folder },
  );
  expect(stderr).toBe('');
  expect(stdout).toBe('feed.yaml: ok\nworker.yaml: ok\n');
});
