import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { PLUGIN_STARTERS } from '../../../src/cli/create/starters.ts';
import { PLUGIN_KINDS } from '../../../src/loader/plugin-kind.ts';
import { ROOT } from '../../docs/markdown.ts';
import { YamlServer } from '../schema/language-server.ts';
import { headrace } from '../support/run-command.ts';
import { elsewhere, INSTALLED_COMMAND, linkModule } from './installed.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const run = promisify(execFile);

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-create-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function json(folder: string, name: string) {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

describe('in an empty folder that has the packed Headrace', () => {
  const words = Object.keys(PLUGIN_STARTERS);
  const pluginName = (word: string) => `my-own-${word}`;
  let folder: string;
  const there = (...args: string[]) =>
    headrace(args, { cwd: folder, command: join(folder, INSTALLED_COMMAND) });

  beforeAll(async () => {
    folder = elsewhere();
    writeFileSync(join(folder, 'worker.yaml'), 'bootstrap.servers: localhost:9092\nplugin.path: ./plugins\n');
    await there('create', 'feed', 'trades');
    for (const word of words) {
      const { stdout, stderr, code } = await there('create', word, pluginName(word));
      expect([stderr, code]).toEqual(['', 0]);
      writeFileSync(join(folder, `${word}.txt`), stdout);
    }
  });

  test('the test of every starter passes with npm test', async () => {
    const { stdout } = await run('npm', ['test'], { cwd: folder });
    expect(stdout).toMatch(/fail 0/);
    for (const word of words) {
      const path = `plugins/${pluginName(word)}.test.ts`;
      const { stdout: alone } = await run(process.execPath, ['--test', path], { cwd: folder });
      expect(alone).toMatch(/pass [1-9]/);
    }
  });

  test('every starter has the right types by the tsconfig.json that comes with it', async () => {
    linkModule(folder, '@types/node');
    const { stdout } = await run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder]);
    expect(stdout).toBe('');
  });

  test.each(words)('headrace plugins shows the %s', async (word) => {
    const { stdout, stderr } = await there('plugins', pluginName(word), '--worker', 'worker.yaml');
    const { kind } = PLUGIN_STARTERS[word] as (typeof PLUGIN_STARTERS)[string];
    expect(stdout).toMatch(new RegExp(`^${pluginName(word)}: ${PLUGIN_KINDS[kind].title} `));
    expect(stderr).toBe('');
  });

  test('no test of a plugin is taken for one', async () => {
    const { stdout, stderr } = await there('plugins', '--json', '--worker', 'worker.yaml');
    expect(stdout).not.toContain('.test');
    expect(JSON.parse(stdout).broken).toEqual([]);
    expect(stderr).toBe('');
  });

  test.each(words)('a feed with the lines that are printed has the %s', async (word) => {
    const printed = readFileSync(join(folder, `${word}.txt`), 'utf8');
    const lines = printed.slice(printed.indexOf('In a feed:\n') + 11).replaceAll(/^ +/gm, '');
    const added = lines.replaceAll('LABEL', 'route').split('\n');
    const keys = added.map((line) => line.split(': ')[0]);
    const feed = readFileSync(join(folder, 'trades.yaml'), 'utf8').split('\n');
    const others = feed
      .filter((line) => !keys.includes(line.split(': ')[0] as string) || line === '')
      .filter((line) => word !== 'connector' || !/^(?:input|finished|error)\./.test(line));
    writeFileSync(join(folder, `${word}.yaml`), [...others, ...added].join('\n'));
    const { stdout, stderr } = await there('validate', `${word}.yaml`, '--worker', 'worker.yaml');
    expect([stdout, stderr]).toEqual([`worker.yaml: ok\n${word}.yaml: ok\n`, '']);
  });

  test('the feed is valid, passes its test, and makes records of its sample', async () => {
    expect((await there('validate', 'trades.yaml')).stdout).toBe('trades.yaml: ok\n');
    expect((await there('test', 'trades.test.yaml')).stdout).toContain('2 cases: 2 passed, 0 failed');
    const { stdout, code } = await there('preview', 'trades.yaml', 'trades.csv', '--json');
    expect(code).toBe(0);
    expect(stdout).toContain('12345678');
  });

  test('an editor finds nothing wrong with the feed, once its schema is there', async () => {
    writeFileSync(join(folder, 'feed.schema.json'), (await there('schema', 'feed')).stdout);
    const text = readFileSync(join(folder, 'trades.yaml'), 'utf8');
    const { diagnostics } = await YamlServer.open(join(folder, 'trades.yaml'), text);
    expect(diagnostics).toEqual([]);
  });
});

test('what is there already is left as it is', async () => {
  const cwd = emptyFolder();
  mkdirSync(join(cwd, 'plugins'));
  writeFileSync(join(cwd, 'plugins/mask.js'), 'mine');
  writeFileSync(join(cwd, 'plugins/hide.test.ts'), 'mine');
  writeFileSync(join(cwd, 'trades.csv'), 'mine');
  const before = readdirSync(cwd, { recursive: true });
  for (const [kind, name, path] of [
    ['transform', 'mask', 'plugins/mask.js'],
    ['predicate', 'hide', 'plugins/hide.test.ts'],
    ['feed', 'trades', 'trades.csv'],
  ] as const) {
    const { stdout, stderr, code } = await headrace(['create', kind, name], { cwd });
    expect([stdout, code]).toEqual(['', 2]);
    expect(stderr).toBe(`${path} is there already and was left as it is; choose another name\n`);
  }
  expect(readdirSync(cwd, { recursive: true })).toEqual(before);
  expect(readFileSync(join(cwd, 'trades.csv'), 'utf8')).toBe('mine');
});

test.each([
  ['Mask', /^NAME: expected lower-case letters, digits and hyphens, such as mask-account, .*got "Mask"\n$/],
  ['../mask', /got "\.\.\/mask"\n$/],
  ['mask.test', /got "mask\.test"\n$/],
  ['', /got ""\n$/],
  ['a'.repeat(101), /at most 100/],
  ['csv', /^NAME: csv is the parser that comes with Headrace, .*choose another name\n$/],
  ['route', /^NAME: route is the transformation that comes with Headrace/],
])('%s is no name for a plugin', async (name, told) => {
  const cwd = emptyFolder();
  const { stderr, code } = await headrace(['create', 'transform', name], { cwd });
  expect(stderr).toMatch(told);
  expect(code).toBe(2);
  expect(readdirSync(cwd)).toEqual([]);
});

test('a kind that there is not is told, with those there are', async () => {
  const { stderr, code } = await headrace(['create', 'sink', 'mine'], { cwd: emptyFolder() });
  expect(stderr).toMatch(/'sink' is invalid for argument 'kind'\. Allowed choices are feed, transform, /);
  expect(code).toBe(2);
});

test('a package.json and a tsconfig.json are made where there are none, and told', async () => {
  const cwd = emptyFolder();
  const { stdout } = await headrace(['create', 'transform', 'mask-account'], { cwd });
  expect(stdout).toMatch(
    /^Created:\n {2}plugins\/mask-account\.test\.ts\n {2}plugins\/mask-account\.ts\n {2}package\.json\n {2}tsconfig\.json\n/,
  );
  expect(stdout).toMatch(/\n {2}npm install \.\/headrace-\S+\.tgz +# tests import headrace\/testing\n/);
  expect(stdout).toMatch(/\n {2}npm test +# /);
  expect(json(cwd, 'package.json')).toMatchObject({ type: 'module', scripts: { test: 'node --test' } });
});

test("one's own package.json and tsconfig.json stay as they are; what is missing is told as a command", async () => {
  const cwd = emptyFolder();
  const own = { name: 'mine', scripts: { test: 'echo "Error: no test specified" && exit 1' } };
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(own));
  writeFileSync(join(cwd, 'tsconfig.json'), '{}');
  const { stdout } = await headrace(['create', 'transform', 'mask-account'], { cwd });
  expect([json(cwd, 'package.json'), json(cwd, 'tsconfig.json')]).toEqual([own, {}]);
  const [, args = ''] = /\n {2}npm (pkg set .*?) +# /.exec(stdout) ?? [];
  await run(`npm ${args}`, { cwd, shell: true } as never);
  expect(json(cwd, 'package.json')).toMatchObject({ type: 'module', scripts: { test: 'node --test' } });
  expect((await headrace(['create', 'predicate', 'is-test'], { cwd })).stdout).not.toContain('npm pkg');
});

test('where npm test runs something else, the test is run by its name', async () => {
  const cwd = emptyFolder();
  cpSync(join(ROOT, 'package.json'), join(cwd, 'package.json'));
  const { stdout } = await headrace(['create', 'transform', 'mask-account'], { cwd });
  expect(stdout).toMatch(/\n {2}node --test plugins\/mask-account\.test\.ts +# /);
});
