import { beforeEach, expect, test, vi } from 'vitest';
import { continueCommand, restartCommand } from '../../../src/cli/load/continue-command.ts';

const NODE = '/usr/bin/node';
const given = (...args: string[]) => [NODE, '/usr/local/bin/headrace', 'load', ...args];
const nothing = { isBegunAnew: false, spool: null };

/** Whoever runs these tests by npx is told of it otherwise. */
beforeEach(() => {
  vi.stubEnv('npm_command', undefined);
});

test('the command that goes on is the one that was given, quoted for a shell where it must be', () => {
  const argv = given("it's a.csv", 'b*.csv', '--topic', 'trades', '--max-errors', '1%');
  expect(continueCommand(argv, nothing)).toBe(
    "headrace load 'it'\\''s a.csv' 'b*.csv' --topic trades --max-errors 1%",
  );
});

test('what was forgotten is not forgotten again, and is if it was not yet', () => {
  const argv = given('a.csv', '--restart', '--topic', 't');
  expect(continueCommand(argv, { ...nothing, isBegunAnew: true })).toBe('headrace load a.csv --topic t');
  expect(continueCommand(argv, nothing)).toBe('headrace load a.csv --restart --topic t');
});

test('standard input is read from where it was put', () => {
  expect(continueCommand(given('-', '--topic', 't'), { ...nothing, spool: '/tmp/x/standard-input' })).toBe(
    'headrace load /tmp/x/standard-input --topic t',
  );
});

test('a command that was started by Node is started so again', () => {
  const argv = [NODE, '/opt/headrace/dist/src/cli/main.js', 'load', 'a.csv'];
  expect(continueCommand(argv, nothing)).toBe('node /opt/headrace/dist/src/cli/main.js load a.csv');
});

test('the command that loads again says so', () => {
  expect(restartCommand(given('a.csv', '--topic', 't'))).toBe('headrace load a.csv --topic t --restart');
});
