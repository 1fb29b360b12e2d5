import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { describe, expect, test } from 'vitest';
import { fingerprint, KnownHost, knownHost } from '../../../connectors/sftp/known-hosts.ts';

/** Of a key that was made for this test; the hashes of names and the fingerprint are by OpenSSH's own ssh-keygen. */
const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIPbumIXM13i8rzDzNTHEf3i4vLZJAXWUU1UXSBr6ewTs';
const FINGERPRINT = 'SHA256:0gPkJlsx1vCP70wcJQBiISi3yTMoqHjry9M/C93G98I';
const HASHED = [
  `|1|Kas7GdV2s8novtCw7TlXUCsm6q8=|5aJ/b3ttPEhJRvbiXpFVhFsLYwE= ssh-ed25519 ${KEY}`,
  `|1|FzO0gVei3iChxXjsegja2O80Cfs=|B34OISmwVCtIB7aLIPamTWdT+ok= ssh-ed25519 ${KEY}`,
].join('\n');

const shown = Buffer.from(KEY, 'base64');
const another = ssh2.utils.generateKeyPairSync('ed25519').public.trim();
const ofAnotherType = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).public.trim();

function verdict(text: string, host = 'example.org', port = 22) {
  return new KnownHost(text, host, port).verdict(shown);
}

describe('a host key is known', () => {
  test.each([
    ['by its name', `example.org ssh-ed25519 ${KEY}`],
    ['in whatever case it was asked for', `EXAMPLE.ORG ssh-ed25519 ${KEY}`],
    ['as one of several names', `other.org,example.org ssh-ed25519 ${KEY} a comment`],
    ['by a pattern with a star', `*.net,*ple.* ssh-ed25519 ${KEY}`],
    ['by a pattern with question marks', `e?ample.or? ssh-ed25519 ${KEY}`],
    ['beside a key of another type', `example.org ${ofAnotherType}\nexample.org ssh-ed25519 ${KEY}`],
    ['beside another key of its type', `example.org ${another}\nexample.org ssh-ed25519 ${KEY}`],
    [
      'in a file with comments, empty lines and lines that are none',
      `# me\n\n  \nx\n@\nexample.org ssh-ed25519 ${KEY}`,
    ],
    ['in a file of Windows', `a ${another}\r\nexample.org ssh-ed25519 ${KEY}\r\n`],
    ['by the hash of its name', HASHED],
  ])('%s', (_, text) => {
    expect(verdict(text)).toEqual({ kind: 'known' });
  });

  test('on another port than 22 by its name with the port, plain and hashed', () => {
    expect(verdict(`[example.org]:2222 ssh-ed25519 ${KEY}`, 'example.org', 2222)).toEqual({ kind: 'known' });
    expect(verdict(HASHED, 'example.org', 2222)).toEqual({ kind: 'known' });
  });
});

describe('a host key is unknown', () => {
  test.each([
    ['in an empty file', ''],
    ['for another host', `example.com ssh-ed25519 ${KEY}`],
    ['for a part of a name', `example ssh-ed25519 ${KEY}`],
    ['for a host that a pattern leaves out', `*.org,!example.org ssh-ed25519 ${KEY}`],
    ['for another port', `[example.org]:2222 ssh-ed25519 ${KEY}`],
    [
      'when only an authority is known that might have signed it',
      `@cert-authority example.org ssh-ed25519 ${KEY}`,
    ],
    ['for the hash of another name', HASHED.split('\n')[0] ?? ''],
    ['for a hash that is cut short', `|1|Kas7 ssh-ed25519 ${KEY}`],
  ])('%s', (_, text) => {
    expect(verdict(text)).toEqual({ kind: 'unknown', otherTypes: [] });
  });

  test('when there are only keys of other types, which are told', () => {
    const types = ['ecdsa-sha2-nistp256'];
    expect(verdict(`example.org ${ofAnotherType}`)).toEqual({ kind: 'unknown', otherTypes: types });
  });
});

test('a host key has changed when there is another one of its type, whose line is told', () => {
  expect(verdict(`# first\nexample.org ${another}`)).toEqual({ kind: 'changed', line: 2 });
});

test('a host key that is revoked is so, wherever else it stands', () => {
  const text = `example.org ssh-ed25519 ${KEY}\n@revoked * ssh-ed25519 ${KEY}`;
  expect(verdict(text)).toEqual({ kind: 'revoked', line: 2 });
  expect(verdict(`example.org ssh-ed25519 ${KEY}\n@revoked * ${another}`)).toEqual({ kind: 'known' });
});

test('the types of the keys of a host are told in their order, those of revoked keys are not', () => {
  const text = `example.org ${ofAnotherType}\n@revoked example.org ssh-rsa AAAA\nexample.org ssh-ed25519 ${KEY}`;
  expect(new KnownHost(text, 'example.org', 22).types).toEqual(['ecdsa-sha2-nistp256', 'ssh-ed25519']);
});

test('a fingerprint is that of ssh-keygen, and the line to add makes the key known', () => {
  expect(fingerprint(shown)).toBe(FINGERPRINT);
  const line = new KnownHost('', 'Example.org', 2222).lineFor(shown);
  expect(line).toBe(`[example.org]:2222 ssh-ed25519 ${KEY}`);
  expect(verdict(line, 'example.org', 2222)).toEqual({ kind: 'known' });
});

test('a pattern of many stars is held against a long name without delay', () => {
  const name = 'a'.repeat(2000);
  expect(verdict(`${'*a'.repeat(500)}b ssh-ed25519 ${KEY}`, name)).toEqual({
    kind: 'unknown',
    otherTypes: [],
  });
});

test('a file that is not there knows nobody, and one that cannot be read is told of', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-known-hosts-'));
  expect((await knownHost(join(folder, 'missing'), 'example.org', 22)).types).toEqual([]);
  const file = join(folder, 'known_hosts');
  await writeFile(file, `example.org ssh-ed25519 ${KEY}`);
  expect((await knownHost(file, 'example.org', 22)).verdict(shown)).toEqual({ kind: 'known' });
  await expect(knownHost(folder, 'example.org', 22)).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    retriable: false,
    message: expect.stringContaining('sftp.known.hosts'),
  });
});
