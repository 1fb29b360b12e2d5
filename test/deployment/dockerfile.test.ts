import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../docs/markdown.ts';
import { linters } from '../support/linters.ts';
import { dockerignored, execForm, mistakesIn, type Stage, stagesOf, valueIn } from './support/dockerfile.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const text = read('Dockerfile');
const last = stagesOf(text).at(-1) as Stage;
const { version } = JSON.parse(read('package.json'));
const { packages } = JSON.parse(read('package-lock.json'));
const tools = await linters();

/** What Hadolint says of a Dockerfile, a line each: the code of a rule, and what is wrong. */
function toldByHadolint(dockerfile: string): string[] {
  const args = ['--no-color', '--format', 'json', '-'];
  const { stdout } = spawnSync(tools?.hadolint ?? '', args, { input: dockerfile, encoding: 'utf8' });
  return JSON.parse(stdout).map(({ code, message }: Record<string, string>) => `${code} ${message}`);
}

const FILES = ['Dockerfile', 'config/deployment/Dockerfile'];

describe.skipIf(tools === null)('Hadolint', () => {
  test.each(FILES)('finds nothing in %s', (path) => {
    expect(toldByHadolint(read(path))).toEqual([]);
  });

  test.each([
    [
      'a base that may be any version',
      'node:24.21.0-bookworm-slim AS packages',
      'node:latest AS packages',
      'DL3007',
    ],
    ['root', 'USER 1000:1000', 'USER root', 'DL3002'],
    ['a shell before the command', /^CMD .*$/m, 'CMD headrace run', 'DL3025'],
    ['a file that is unpacked where it is an archive', 'COPY LICENSE ./', 'ADD LICENSE ./', 'DL3020'],
  ])('finds %s', (_, there, planted, code) => {
    const told = toldByHadolint(text.replace(there, planted));
    expect(told).toEqual(expect.arrayContaining([expect.stringContaining(code)]));
  });
});

describe('the image', () => {
  test('has what an image must have', () => {
    expect(mistakesIn(text)).toEqual([]);
  });

  test.each([
    [
      'a base without its version',
      '24.21.0-bookworm-slim',
      '24-bookworm-slim',
      'node:24-bookworm-slim is not pinned',
    ],
    ['root', 'USER 1000:1000', 'USER 0', 'expected the user to be a number other than 0'],
    ['a user by name', 'USER 1000:1000', 'USER node', 'expected the user to be a number other than 0'],
    ['no user', /^USER .*$/m, '', 'expected the user to be a number other than 0'],
    ['a shell before the command', /^CMD .*$/m, 'CMD headrace run', 'expected CMD as a list'],
    ['no health check', /^HEALTHCHECK [\s\S]*?\]$/m, '', 'expected HEALTHCHECK as a list'],
    ['another signal', 'STOPSIGNAL SIGTERM', 'STOPSIGNAL SIGKILL', 'expected STOPSIGNAL SIGTERM'],
    [
      'a secret',
      'USER 1000:1000',
      'ENV API_TOKEN=a\nUSER 1000:1000',
      'ENV API_TOKEN=a would be in the image for all to read',
    ],
  ])('is not right with %s', (_, there, planted, mistake) => {
    expect(mistakesIn(text.replace(there, planted))).toEqual([mistake]);
  });

  test('is of the version that the package has, on the Node that the tests run on', () => {
    expect(text).toContain(`image.version="${version}"`);
    const bases = new Set(stagesOf(text).map(({ image }) => image));
    expect([...bases]).toEqual([`node:${packages['node_modules/node'].version}-bookworm-slim`]);
    expect(stagesOf(read('config/deployment/Dockerfile')).map(({ image }) => image)).toEqual([
      `headrace:${version}`,
    ]);
  });

  test('brings the SDKs in versions that are tested', () => {
    const [, sdks = ''] = /^ARG SDKS="(.*)"$/m.exec(text) ?? [];
    for (const [, name, asked] of sdks.matchAll(/(\S+)@(\S+)/g))
      expect([name, asked]).toEqual([name, packages[`node_modules/${name}`].version]);
  });

  test('has no package that is without binaries for x86-64 and ARM, where it has any', () => {
    const needed = Object.entries<{ dev?: boolean; optionalDependencies?: Record<string, string> }>(packages);
    const built = needed.flatMap(([path, { dev, optionalDependencies = {} }]) => {
      const names = Object.keys(optionalDependencies).filter((name) => name.includes('linux'));
      return path === '' || dev || names.length === 0 ? [] : [names];
    });
    expect(built.length).toBeGreaterThan(0);
    for (const names of built)
      expect(names).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/linux-x64-gnu$/),
          expect.stringMatching(/linux-arm64-gnu$/),
        ]),
      );
  });

  test('runs headrace run, with the options that it has and the worker that is there', () => {
    const command = execForm(valueIn(last, 'CMD') ?? '') as string[];
    expect(command.slice(0, 2)).toEqual(['headrace', 'run']);
    const copied = last.instructions.flatMap(({ name, rest }) =>
      name === 'COPY' ? [rest.split(' ').at(-1)] : [],
    );
    expect(copied).toContain(command[command.indexOf('--worker') + 1]);
    expect(valueIn(last, 'WORKDIR')).toBe(command[command.indexOf('--feeds') + 1]);
  });
});

describe('what a build sees', () => {
  const isIgnored = dockerignored(read('.dockerignore'));

  test.each([
    ...['.npmrc', '.git/config', '.env', 'secrets/worker.pem', 'config/headrace.env', 'src/a.pem'],
    ...[
      'node_modules/node/package.json',
      'src/console/node_modules/a.js',
      'dist/src/cli/main.js',
      'test/a.test.ts',
    ],
  ])('is not %s', (path) => {
    expect(isIgnored(path)).toBe(true);
  });

  test.each([
    'package-lock.json',
    'src/cli/main.ts',
    'config/deployment/worker.yaml',
    'starters/feed/my-name.csv',
  ])('is %s', (path) => {
    expect(isIgnored(path)).toBe(false);
  });
});
