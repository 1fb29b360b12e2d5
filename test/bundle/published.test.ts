import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, expect, test } from 'vitest';
import { ROOT } from '../docs/markdown.ts';

const folder = mkdtempSync(join(tmpdir(), 'headrace-pack-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [made] = JSON.parse(
  execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
  }),
) as [{ readonly filename: string; readonly files: readonly { readonly path: string }[] }];
const tarball = readFileSync(join(folder, made.filename));

test('publint finds nothing', async () => {
  const data = tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball: data as ArrayBuffer }, level: 'suggestion' });
  expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
});

test('types are found by all that can import modules', async () => {
  const checked = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
  if (checked.types === false) throw new Error('the package has no types');
  // It has ES modules alone: CommonJS requires them (Node 22.12), and what resolves as Node 10 did knows no exports.
  const problems = checked.problems.filter(
    (problem) =>
      problem.kind !== 'CJSResolvesToESM' &&
      !('resolutionKind' in problem && ['node10', 'node16-cjs'].includes(problem.resolutionKind)),
  );
  expect(problems).toEqual([]);
  expect(Object.keys(checked.entrypoints)).toEqual(['.', './plugin', './testing']);
});

test('what is packed is what users need: no sources, no tests', () => {
  const tops = new Set(made.files.map(({ path }) => path.split('/')[0]));
  expect([...tops].sort()).toEqual(
    [
      ...['ARCHITECTURE.md', 'CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md'],
      ...['config', 'dist', 'docs', 'examples', 'package.json', 'starters'],
    ].sort(),
  );
  expect(made.files.filter(({ path }) => path.startsWith('dist/test/'))).toEqual([]);
});

test('a release of no version changes nothing, and says so in a line', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/release.ts', 'next'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stderr.trim()).toBe('expected a version such as 1.2.0, got "next": npm run release -- 1.2.0');
});
