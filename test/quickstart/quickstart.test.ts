import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { beforeAll, expect, test } from 'vitest';
import { blocksOf, page, ROOT } from '../docs/markdown.ts';

const TIMEOUT_MS = 110_000;

beforeAll(() => {
  execFileSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json'], { cwd: ROOT });
});

function quickstart(environment: Record<string, string> = {}) {
  return spawnSync(process.execPath, ['scripts/quickstart.ts', '--once'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    timeout: TIMEOUT_MS,
  });
}

function leftovers(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('headrace-quickstart-'));
}

/** Without what differs from run to run. */
function steady(text: string): string {
  return text
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
    .replaceAll(/\d+\.\d s\b/g, 'N s')
    .replaceAll(/\/\S*headrace-quickstart-\w+/g, 'FOLDER');
}

test('the quickstart shows what the README says it shows, and leaves nothing behind', {
  timeout: TIMEOUT_MS,
}, () => {
  const before = leftovers();
  const { status, stdout, stderr } = quickstart();
  expect(stderr.replaceAll(/^stack: fetching .*\n/gm, '')).toBe('');
  expect(status).toBe(0);
  const shown = blocksOf(page('README.md')).find(({ note }) => note === 'quickstart');
  expect(steady(stdout)).toContain(steady(shown?.text ?? 'no such block'));
  expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
  expect(leftovers().filter((name) => !before.includes(name))).toEqual([]);
});

test('a machine with neither Docker nor Java is told so in one line', () => {
  const { status, stderr } = quickstart({ PATH: '/nonexistent', JAVA_HOME: '', HEADRACE_STACK: '' });
  expect(status).toBe(2);
  expect(stderr.trim()).toMatch(
    /^quickstart: No Docker engine answers and there is no Java 17 or newer: .*$/,
  );
});
