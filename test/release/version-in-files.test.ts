import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NAMING, withVersion } from '../../scripts/release/version-in-files.ts';
import { ROOT } from '../docs/markdown.ts';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

describe('a release puts its version', () => {
  test.each([
    ['image: headrace:0.1.0', 'image: headrace:1.2.0'],
    ['headrace-0.1.0.tgz', 'headrace-1.2.0.tgz'],
    ['version="0.1.0" \\', 'version="1.2.0" \\'],
    ['This is 0.1.0.', 'This is 1.2.0.'],
  ])('into %j', (text, then) => {
    expect(withVersion(text, '0.1.0', '1.2.0')).toBe(then);
  });

  test.each(['10.0.1.0', '0.1.0.1', '0.1.01', '20.1.0', '0-1-0'])('not into %s', (text) => {
    expect(withVersion(text, '0.1.0', '1.2.0')).toBe(text);
  });

  test('into every file in which an image or the tarball has the version of the package', () => {
    const named = ['-e', `headrace:${version}`, '-e', `headrace-${version}.tgz`];
    const others = [':!test', ':!CHANGELOG.md'];
    const found = execFileSync('git', ['grep', '-lIF', ...named, '--', ...others], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    const paths = found.trim().split('\n');
    expect(paths).toContain('docker-compose.yml');
    for (const path of paths) {
      expect(NAMING).toContain(path.split('/')[0]);
      expect(withVersion(readFileSync(join(ROOT, path), 'utf8'), version, '9.8.7')).not.toContain(
        `headrace:${version}`,
      );
    }
  });
});
