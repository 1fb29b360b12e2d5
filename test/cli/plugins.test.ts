import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { builtInNames, type PluginKind } from '../../src/loader/built-in.ts';
import { headrace } from './support/run-command.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const FIXTURES = fileURLToPath(new URL('../fixtures/plugins/', import.meta.url));
const plugins = (args: readonly string[], env: Record<string, string> = {}) =>
  headrace(['plugins', ...args], { cwd: FIXTURES, env });
const withPath = { HEADRACE_BOOTSTRAP_SERVERS: 'localhost:9092', HEADRACE_PLUGIN_PATH: '.' };

test('every built-in plugin is listed below its kind, with what it does', async () => {
  const { stdout, stderr, code } = await plugins([]);
  expect(stdout.split('\n\n').filter((part) => /^[a-z ]+$/.test(part))).toEqual([
    'source connectors',
    'parsers',
    'transformations',
    'predicates',
    'converters',
  ]);
  expect(stdout).toMatch(/\ncsv +Rows of delimited text/);
  expect([stderr, code]).toEqual(['', 0]);
  const { stdout: json } = await plugins(['--json']);
  const listed = (JSON.parse(json) as { plugins: { kind: PluginKind; name: string }[] }).plugins;
  for (const kind of ['source', 'parser', 'transformation', 'predicate', 'converter'] as const) {
    const names = listed.filter((plugin) => plugin.kind === kind).map(({ name }) => name);
    expect(names).toEqual(builtInNames(kind));
  }
});

test('a plugin is shown with each option: type, default, doc', async () => {
  const { stdout, code } = await plugins(['csv']);
  expect(stdout).toMatch(/^csv: parser\n {2}Rows of delimited text/);
  expect(stdout).toContain('\n  header  (true or false, default true)\n    The first row holds');
  expect(stdout).toContain('\n  columns  (list, comma-separated)\n');
  expect(code).toBe(0);
  const { stdout: json } = await plugins(['csv', '--json']);
  const [{ options }] = JSON.parse(json).plugins;
  expect(options).toContainEqual({
    name: 'skip.lines',
    type: 'whole number, 0 or more',
    required: false,
    default: 0,
    sensitive: false,
    doc: 'Lines to pass over at the beginning of the file, before the header.',
  });
});

test('what must be set, what is secret and what is a map say so', async () => {
  const { stdout } = await plugins(['avro']);
  expect(stdout).toContain('\n  schema.registry.url  (list, comma-separated, required)\n');
  expect(stdout).toContain('\n  basic.auth.user.info  (text, shown as [hidden])\n');
  expect((await plugins(['route'])).stdout).toContain('\n  headers.<name>  (keys below it)\n');
});

test('HEADRACE_PLUGIN_PATH does without brokers', async () => {
  const { stdout, stderr } = await plugins(['shout'], { HEADRACE_PLUGIN_PATH: '.' });
  expect(stdout).toMatch(/^shout: .*shout\.ts\)\n/);
  expect(stderr).toBe('');
});

test('plugins of plugin.path are there with their file; those that are broken are told with the reason', async () => {
  const { stdout, stderr, code } = await plugins([], withPath);
  expect(stdout).toMatch(/\nshout +.*\(.*shout\.ts\)\n/);
  expect(stderr).toMatch(/throws-at-load\.ts: failed to load/);
  expect(code).toBe(0);
  const broken = await plugins(['throws-at-load'], withPath);
  expect(broken.stderr).toMatch(/throws-at-load\.ts: failed to load: .*\n$/);
  expect(broken.code).toBe(2);
});

test('a name that is wrong gets the one that was meant', async () => {
  const { stdout, stderr, code } = await plugins(['rout']);
  expect([stdout, stderr, code]).toEqual(['', 'no plugin is called "rout"; did you mean route?\n', 2]);
  const far = await plugins(['quixotic']);
  expect(far.stderr).toBe('no plugin is called "quixotic"; headrace plugins lists those there are\n');
});
