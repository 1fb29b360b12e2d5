import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { BUILT_COMMAND } from '../../support/built-command.ts';

/** The machine may be busy. */
vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'headrace-watch-'));
afterAll(() => rmSync(folder, { recursive: true }));

function put(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

const plugin = (mark: string) => `export default {
  kind: 'transformation', name: 'mark', doc: 'Marks rows.', config: {},
  create: () => ({ apply(record) { record.value.mark = '${mark}'; return record; } }),
};
`;
const feed = (topic: string) => `name: marked
connector.class: directory
input.path: ./drop
transforms: parse,mark,route
transforms.parse.type: csv
transforms.mark.type: mark
transforms.route.type: route
transforms.route.topic: ${topic}
`;
const cases = (mark: string) => `feed: feed.yaml
cases:
  - name: a row is marked
    rows: "symbol\\nBHP\\n"
    records:
      - { fields: { mark: ${mark} } }
`;

beforeAll(() => {
  put('package.json', '{"type": "module"}');
  put('plugins/mark.js', plugin('one'));
  put('worker.yaml', 'bootstrap.servers: localhost:9092\nplugin.path: ./plugins\n');
  put('feed.yaml', feed('first'));
  put('rows.csv', 'symbol\nBHP\n');
  put('marks.test.yaml', cases('one'));
});

/** What a command that goes on has written since it was last asked. */
function watching(...args: string[]) {
  const child = spawn(process.execPath, [BUILT_COMMAND, ...args, '--watch', '--worker', 'worker.yaml'], {
    cwd: folder,
  });
  onTestFinished(() => void child.kill());
  let written = '';
  let waits = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written += text;
    waits += text.split('waiting for a change').length - 1;
  });
  return {
    child,
    async next(): Promise<string> {
      await expect.poll(() => waits, { timeout: 30_000 }).toBeGreaterThan(0);
      const text = written;
      written = '';
      waits = 0;
      return text;
    },
  };
}

test('preview --watch shows the rows again when the feed, the file or a plugin is saved', async () => {
  const { next } = watching('preview', 'feed.yaml', 'rows.csv');
  expect(await next()).toMatch(/first[\s\S]*BHP[\s\S]*one/);
  put('feed.yaml', feed('second'));
  expect(await next()).toMatch(/second[\s\S]*BHP[\s\S]*one/);
  put('rows.csv', 'symbol\nRIO\n');
  expect(await next()).toMatch(/RIO[\s\S]*one/);
  put('plugins/mark.js', plugin('two'));
  expect(await next()).toMatch(/RIO[\s\S]*two/);
  put('feed.yaml', feed('third').replace('type: csv', 'type: cvs'));
  expect(await next()).toContain('did you mean csv?');
  put('draft.yaml', feed('fourth'));
  renameSync(join(folder, 'draft.yaml'), join(folder, 'feed.yaml'));
  expect(await next()).toMatch(/fourth[\s\S]*RIO/);
});

test('test --watch runs the cases again when they, the feed they are of, or a plugin is saved', async () => {
  put('feed.yaml', feed('first'));
  put('plugins/mark.js', plugin('one'));
  const { next } = watching('test', 'marks.test.yaml');
  expect(await next()).toContain('1 passed, 0 failed');
  put('plugins/mark.js', plugin('two'));
  expect(await next()).toContain('0 passed, 1 failed');
  put('marks.test.yaml', cases('two'));
  expect(await next()).toContain('1 passed, 0 failed');
  put('feed.yaml', feed('first').replace('transforms: parse,mark,route', 'transforms: parse,route'));
  expect(await next()).toMatch(/mark/);
});
