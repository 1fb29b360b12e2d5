import { expect, test } from 'vitest';
import { hashPassword, hashToken } from '../../../src/rest/doors/secret-hash.ts';
import { Users } from '../../../src/rest/doors/users.ts';

const password = await hashPassword('right');
const users = new Users(`# who may
ann:${password}:write

bob:${await hashPassword('pass:wörd')}
scraper:${hashToken('token-1')}:read
deploy:${hashToken('token-2')}:write
ops:certificate:write
CN=eve,O=Acme:certificate
`);

test.each([
  ['ann', 'right', { name: 'ann', role: 'write' }],
  ['ann', 'right', { name: 'ann', role: 'write' }],
  ['bob', 'pass:wörd', { name: 'bob', role: 'read' }],
  ['ann', 'wrong', null],
  ['ann', '', null],
  ['nobody', 'right', null],
  ['scraper', 'token-1', null],
  ['ops', '', null],
])('%s with the password %j is %j', async (name, given, user) => {
  expect(await users.withPassword(name, given)).toEqual(user);
});

test.each([
  ['token-1', { name: 'scraper', role: 'read' }],
  ['token-2', { name: 'deploy', role: 'write' }],
  ['token-3', null],
  ['', null],
])('the token %j is %j', (token, user) => {
  expect(users.withToken(token)).toMatchObject(user ?? {});
  if (user === null) expect(users.withToken(token)).toBeNull();
});

test.each([
  ['ops', 'CN=ops,O=Acme', 'ops'],
  ['eve', 'CN=eve,O=Acme', 'CN=eve,O=Acme'],
  ['eve', 'CN=eve,O=Other', null],
  ['CN=eve,O=Acme', 'CN=CN\\=eve\\,O\\=Acme', null],
  [null, 'CN=ops,CN=eve', null],
  ['ann', 'CN=ann', null],
])('the certificate of %j, %s, is %j', (commonName, subject, name) => {
  expect(users.withCertificate({ commonName, subject })?.name ?? null).toBe(name);
});

test('a hash is made anew each time, and holds no password', async () => {
  const again = await hashPassword('right');
  expect(again).not.toBe(password);
  expect(again).toMatch(/^scrypt\$15\$[\w-]{22}\$[\w-]{43}$/);
});

const EXPECTED =
  'expected name:hash:role, with a hash that headrace user makes, or the word certificate for it';
test.each([
  ['', 'expected a line name:hash:role for each who may, got none'],
  ['# nobody\n', 'expected a line name:hash:role for each who may, got none'],
  ['ann:secret', `line 1: ${EXPECTED}`],
  ['ann:right:write', `line 1: ${EXPECTED}`],
  ['ann', `line 1: ${EXPECTED}`],
  [`:${password}`, `line 1: ${EXPECTED}`],
  [`\nann:${password}:admin`, 'line 2: expected the role read or write after the last colon'],
  [`ann:${password}\nann:${password}`, 'line 2: expected each name once, got that of a line before it'],
])('a file of users %j is refused, and nothing of it is told', (text, message) => {
  expect(() => new Users(text)).toThrow(new Error(message));
});
