import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createPluginLoader } from '../../src/loader/plugin-loader.ts';
import type {
  ParserPlugin,
  PredicatePlugin,
  SourceConnectorPlugin,
  SourceRecord,
  TransformationPlugin,
} from '../../src/plugin/index.ts';
import { TaskMetrics } from '../../src/runtime/plugin-metrics/task-metrics.ts';
import { testContext, testParser, testRecord, testSourceConnector } from '../../src/testing/index.ts';
import { exampleFolder, put } from './feed-blocks.ts';
import { blocks, ROOT } from './markdown.ts';

/** The loader knows a plugin's kind, not its options. */
// biome-ignore lint/suspicious/noExplicitAny: so that any value passes for an option's
type AnyOptions = any;

const examples = blocks('ts');
const folder = exampleFolder(examples);
afterAll(() => rmSync(folder, { recursive: true }));

const loader = createPluginLoader({ pluginPath: [join(folder, 'plugins')] });

describe('the plugins of docs/plugins.md', () => {
  test('are all used by a test here', () => {
    const names = [
      'feed.test.ts',
      'plugins/counted.ts',
      'plugins/field-matches.ts',
      'plugins/http-lookup.ts',
      'plugins/line-by-line.ts',
      'plugins/numbers.ts',
      'plugins/ticker.ts',
    ];
    expect(examples.map(({ note }) => note).sort()).toEqual([
      ...names,
      'ticker-conforms.test.ts',
      'ticker.test.ts',
    ]);
  });

  test('have the right types', () => {
    const options = {
      extends: join(ROOT, 'tsconfig.json'),
      compilerOptions: { typeRoots: [join(ROOT, 'node_modules/@types')] },
      include: ['**/*.ts', join(ROOT, 'src/rows/kernels.d.ts')],
    };
    const project = put(folder, 'tsconfig.json', JSON.stringify(options));
    const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', project], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  test('the tests for the transformation pass', () => {
    for (const { place, note, text } of blocks('yaml')) {
      if (!place.startsWith('docs/plugins.md:')) continue;
      if (note === 'worker') put(folder, 'worker.yaml', text);
      if (text.startsWith('name: asx-trades\n')) put(folder, 'asx-trades.yaml', text);
    }
    const run = (env: Readonly<Record<string, string>>) =>
      execFileSync(process.execPath, ['--test'], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, ...env },
      });
    expect(run({ UPDATE_GOLDEN: '1' })).toMatch(/fail 0/);
    const output = run({});
    expect(output).toMatch(/pass 1\d/);
    expect(output).toMatch(/fail 0/);
    const golden = readFileSync(join(folder, 'golden/trades.jsonl'), 'utf8');
    expect(golden).toMatch(
      /^\{"row":1,"line":2,"outcome":"sent",.*\n\{"row":2,"line":3,"outcome":"rejected",.*\n$/,
    );
  });

  test('the predicate tells records apart', async () => {
    const plugin = (await loader.load('predicate', 'field-matches')) as PredicatePlugin<AnyOptions>;
    const predicate = plugin.create({ field: 'symbol', pattern: '\\.' }, testContext());
    const record = (symbol: string) => ({ value: { symbol } }) as unknown as SourceRecord;
    expect(predicate.test(record('BHP.AX'))).toBe(true);
    expect(predicate.test(record('BHP'))).toBe(false);
  });

  test('the transformation that counts is shown with its labels', async () => {
    const plugin = (await loader.load('transformation', 'counted')) as TransformationPlugin<AnyOptions>;
    const use = { key: 'transforms.counted', name: 'counted', modulePath: null };
    const metrics = new TaskMetrics([], testContext().log);
    const { apply } = await plugin.create({}, { ...testContext(), metrics: metrics.of(use) });
    await apply(testRecord({ currency: 'AUD' }));
    await apply(testRecord({}));
    expect(metrics.take()[0]?.series).toEqual([
      { labels: { currency: 'AUD' }, value: 1, counts: [] },
      { labels: { currency: 'none' }, value: 1, counts: [] },
    ]);
  });
});

describe('the parser of docs/plugins.md', async () => {
  const plugin = (await loader.load('parser', 'line-by-line')) as ParserPlugin<AnyOptions>;
  const examples = [
    { content: 'one\ntwo\nthree', rows: [{ line: 'one' }, { line: 'two' }, { line: 'three' }] },
    { content: '', rows: [] },
  ];
  for (const { name, run } of testParser(plugin, { examples })) test(name, run);
});

describe('the source of docs/plugins.md', async () => {
  const plugin = (await loader.load('source', 'numbers')) as SourceConnectorPlugin<AnyOptions>;
  const files = [{ path: 'numbers.csv', content: 'n\n1\n2\n3\n' }];
  for (const { name, run } of testSourceConnector(plugin, { options: { rows: '3' }, files })) test(name, run);
});
