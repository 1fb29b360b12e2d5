import { expect, test } from 'vitest';
import { checksumIn } from '../../../../connectors/files/ready/checksum-file.ts';

const SHA = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);

test.each([
  ['alone', `${SHA}\n`],
  ['alone, in capitals and without a line end', SHA.toUpperCase()],
  ['as sha256sum writes it', `${SHA}  a.csv\n`],
  ['as it writes it for binary files, on Windows', `${SHA} *a.csv\r\n`],
  ['with one blank, or a tab', `${SHA}\ta.csv`],
  ['with the path that the sender had it under', `${SHA}  /data/out/a.csv\n`],
  ['with --tag', `SHA256 (a.csv) = ${SHA}\n`],
  ['among those of others', `${OTHER}  b.csv\n${SHA}  a.csv\n${OTHER}  c.csv\n`],
])('a checksum is found that stands %s', (_, text) => {
  expect(checksumIn(text, 'a.csv', 'sha256')).toEqual({ algorithm: 'sha256', hex: SHA });
});

test('a checksum is found of a name with a line end and a backslash in it', () => {
  expect(checksumIn(`\\${SHA}  a\\nb\\\\c.csv`, 'a\nb\\c.csv', 'sha256')?.hex).toBe(SHA);
});

test.each([
  ['nothing yet', ''],
  ['a part of it', SHA.slice(0, 40)],
  ['that of another file', `${SHA}  b.csv\n`],
  ['one of another kind', `${'ab'.repeat(16)}  a.csv\n`],
  ['what is none', 'not found: a.csv\n'],
])('of a checksum file that holds %s, none is found', (_, text) => {
  expect(checksumIn(text, 'a.csv', 'sha256')).toBeNull();
});

test('an MD5 is found in its file', () => {
  const hex = 'ef'.repeat(16);
  expect(checksumIn(`MD5 (a.csv) = ${hex}`, 'a.csv', 'md5')).toEqual({ algorithm: 'md5', hex });
});
