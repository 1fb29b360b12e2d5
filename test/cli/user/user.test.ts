import { expect, test } from 'vitest';
import { Users } from '../../../src/rest/doors/users.ts';
import { headrace } from '../support/run-command.ts';

function user(args: readonly string[], input = '') {
  return headrace(['user', ...args], { cwd: import.meta.dirname, input });
}

test('a password from standard input becomes a line of the file of users, which does not tell it', async () => {
  const { code, stdout, stderr } = await user(['ann', '--role', 'write'], 'open sesame\n');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).not.toContain('sesame');
  expect(await new Users(stdout).withPassword('ann', 'open sesame')).toEqual({ name: 'ann', role: 'write' });
});

test('a token is made and shown beside the line; without a role it reads', async () => {
  const { code, stdout, stderr } = await user(['scraper', '--token']);
  expect(code).toBe(0);
  const [told, token = ''] = stderr.split('\n');
  expect(told).toBe('The token of scraper, which nothing shows again:');
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(stdout).not.toContain(token);
  expect(new Users(stdout).withToken(token)).toEqual({ name: 'scraper', role: 'read' });
});

test.each([
  [['ann'], '\n', 'expected a password on standard input, got nothing'],
  [['a:b'], 'x', 'expected a name without colons'],
  [['ann', '--role', 'admin'], 'x', 'Allowed choices are read, write'],
])('%j with the input %j is a mistake', async (args, input, message) => {
  const { code, stdout, stderr } = await user(args, input);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});
