import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { BUILT_COMMAND } from '../support/built-command.ts';

/** A file on a disk that is full. */
function full(): number {
  const fd = openSync('/dev/full', 'w');
  onTestFinished(() => closeSync(fd));
  return fd;
}

test('a result that there is no room for is told in a line and by the exit code', () => {
  const { stderr, status } = spawnSync(process.execPath, [BUILT_COMMAND, 'plugins', '--json'], {
    stdio: ['ignore', full(), 'pipe'],
    encoding: 'utf8',
  });
  expect(stderr).toMatch(
    /^the result could not be written to standard output: ENOSPC: .*; what was done is done, and the same command tells it again\n$/,
  );
  expect(status).toBe(4);
});

test('where there is no room for that line either, the exit code tells', () => {
  const stdio = ['ignore', full(), full()] as const;
  expect(spawnSync(process.execPath, [BUILT_COMMAND, 'plugins'], { stdio: [...stdio] }).status).toBe(4);
});
