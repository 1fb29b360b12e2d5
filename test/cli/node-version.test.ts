import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodeMistake, OLDEST_NODE } from '../../src/cli/node-version.ts';
import { BUILT_COMMAND } from '../support/built-command.ts';

/** Lets the command take this Node for an old one, which has no `getBuiltinModule`. */
const pretend = (version: string) =>
  `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } }); delete process.getBuiltinModule;`;

test.each(['18.20.8', '20.20.2', '22.21.9'])(
  'Node %s is told the version that is needed, in one line',
  (version) => {
    const args = ['--import', pretend(version), BUILT_COMMAND, 'validate', 'feed.yaml'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([status, stdout, stderr]).toEqual([2, '', `${nodeMistake(version)}\n`]);
    expect(stderr).toContain(`needs Node ${OLDEST_NODE} or newer, and this is ${version}`);
  },
);

test('what package.json asks for, and no less, is enough', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(engines).toEqual({ node: `>=${OLDEST_NODE}` });
  for (const version of [OLDEST_NODE, '22.22.1', '23.0.0', '24.21.0', '100.0.0'])
    expect(nodeMistake(version)).toBeNull();
});
