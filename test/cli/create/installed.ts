import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { ROOT } from '../../docs/markdown.ts';

/** The command of the Headrace that `elsewhere` installs. */
export const INSTALLED_COMMAND = 'node_modules/headrace/dist/src/cli/main.js';

/**
 * An empty folder with nothing installed but what `npm pack` makes, and what that depends on: as after `npm install` of
 * the tarball, which would ask a registry for the latter.
 */
export function elsewhere(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-create-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'headrace'), { recursive: true });
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', modules], {
      cwd: ROOT,
      encoding: 'utf8',
    }),
  ) as [{ readonly filename: string }];
  execFileSync('tar', [
    '-xzf',
    join(modules, filename),
    '-C',
    join(modules, 'headrace'),
    '--strip-components=1',
  ]);
  for (const name of Object.keys(packageJson.dependencies)) linkModule(folder, name);
  return folder;
}

/** Installs a package of this project's there. */
export function linkModule(folder: string, name: string): void {
  const link = join(folder, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', name), link);
}
