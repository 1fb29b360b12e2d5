/**
 * `npm run release -- VERSION`: makes the commit and the tag of a version. A workflow that has the right to publish does so when the
 * tag is pushed, as only there `npm publish` can prove where the package comes from.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NAMING, withVersion } from './release/version-in-files.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const CHANGELOG = `${ROOT}CHANGELOG.md`;
const UNRELEASED = '## [Unreleased]';

const version = process.argv[2] ?? '';
const mistake = mistakeOf(version);
if (mistake === null) release(version);
else {
  console.error(mistake);
  process.exitCode = 2;
}

/** What is against a release now, or null. Nothing has been changed then. */
function mistakeOf(version: string): string | null {
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    return `expected a version such as 1.2.0, got ${JSON.stringify(version)}: npm run release -- 1.2.0`;
  if (said('git', 'status', '--porcelain') !== '')
    return 'there are changes that are in no commit: commit them, or put them away';
  if (said('git', 'tag', '--list', `v${version}`) !== '') return `the tag v${version} is there already`;
  if (packageJson().repository === undefined)
    return 'package.json names no repository, by which npm proves where a package comes from: add its URL';
  if (!/\S/.test(unreleased(readFileSync(CHANGELOG, 'utf8'))))
    return `CHANGELOG.md says nothing under ${UNRELEASED}`;
  return null;
}

function release(version: string): void {
  // The whole of it, on the tree that gets the tag: what is audited, checked and tested is what is published.
  run('npm', 'ci');
  run('npm', 'audit', '--omit=dev', '--audit-level=high');
  run('npm', 'run', 'lint');
  run('npm', 'run', 'types');
  run('npm', 'test');
  const { version: former } = packageJson();
  run('npm', 'version', version, '--no-git-tag-version');
  for (const path of said('git', 'ls-files', ...NAMING)
    .split('\n')
    .filter((name) => !name.endsWith('.png'))) {
    const text = readFileSync(ROOT + path, 'utf8');
    writeFileSync(ROOT + path, withVersion(text, former, version));
  }
  const today = new Date().toISOString().slice(0, 10);
  const changes = readFileSync(CHANGELOG, 'utf8');
  writeFileSync(CHANGELOG, changes.replace(UNRELEASED, `${UNRELEASED}\n\n## [${version}] - ${today}`));
  run('git', 'commit', '--all', '--message', `Version ${version}`);
  run('git', 'tag', '--annotate', `v${version}`, '--message', `Version ${version}`);
  console.log(`v${version} is there. To publish it: git push --follow-tags`);
}

function packageJson(): { readonly version: string; readonly repository?: unknown } {
  return JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
}

/** What stands under that heading, up to the next version. */
function unreleased(changes: string): string {
  const [, below = ''] = changes.split(UNRELEASED);
  return below.split(/^## \[/m)[0] ?? '';
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: ROOT, stdio: 'inherit' });
}

function said(command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: ROOT, encoding: 'utf8' }).trim();
}
