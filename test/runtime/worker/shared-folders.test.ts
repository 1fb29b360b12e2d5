import fc from 'fast-check';
import { expect, test } from 'vitest';
import { globMatcher } from '../../../connectors/files/glob/glob.ts';
import { mayOverlap } from '../../../connectors/files/glob/glob-overlap.ts';
import { judge, type Options } from '../judge-feeds.ts';

const DONE = { 'finished.path': './done' };

test.each<[string, Options, Options]>([
  ['the same folder', DONE, { 'finished.path': './done-b' }],
  ['the same folder, of which only the second feed takes files', {}, { 'finished.delete': 'true' }],
  ['a folder below', DONE, { 'input.path': './drop/sub' }],
  ['a folder above', { 'input.path': './drop/sub', 'error.path': './failed' }, {}],
  ['one folder by two paths', DONE, { 'input.path': './link/../link' }],
  ['patterns that meet', { ...DONE, 'input.file.pattern': 'a*.csv' }, { 'input.file.pattern': '*b.csv' }],
])('%s is refused by validate and by run, both files and keys named', async (_which, one, other) => {
  const { validated, ran } = await judge(one, other);
  const key = /finished\.path|finished\.delete|error\.path/;
  for (const text of [validated, String((ran as Error).message)]) {
    expect(text).toMatch(key);
    expect(text).toMatch(/0\.json/);
    expect(text).toMatch(/1\.json:\d+: input\.path/);
    expect(text.trim().split('\n')).toHaveLength(1);
  }
  expect(ran).toMatchObject({ code: 'CONFIG_INVALID' });
});

test.each<[string, Options, Options]>([
  ['two that leave their files', {}, {}],
  ['two folders', DONE, { 'input.path': './other' }],
  [
    'patterns of two endings',
    { ...DONE, 'input.file.pattern': '*.csv' },
    { 'input.file.pattern': '*.csv.gz' },
  ],
  [
    'patterns of two beginnings, one below the other',
    { ...DONE, 'input.file.pattern': 'trades_*' },
    { 'input.path': './drop/sub', 'input.file.pattern': '{quotes,books}_*.csv' },
  ],
  [
    'patterns of two folders',
    { ...DONE, 'input.file.pattern': 'asx/**/*.csv' },
    { 'input.file.pattern': 'nyse/*.csv' },
  ],
  ['a chain', { 'finished.path': './other' }, { 'input.path': './other', ...DONE }],
  ['a chain by days', { 'finished.path': './other/{yyyy}' }, { 'input.path': './other', ...DONE }],
  ['a chain below', { 'finished.path': './drop/done' }, { 'input.path': './drop/done', ...DONE }],
])('%s may run side by side', async (_which, one, other) => {
  expect((await judge(one, other)).validated).toBe('');
});

const S3 = { 'connector.class': 's3', 'input.path': undefined, 's3.bucket': 'market', 's3.region': 'here' };
const GCS = { 'connector.class': 'gcs', 'input.path': undefined, 'gcs.bucket': 'market' };
const SFTP = { 'connector.class': 'sftp', 'input.path': '/in', 'sftp.host': 'files', 'sftp.user': 'me' };
const AZURE = {
  'connector.class': 'azure-blob',
  'input.path': undefined,
  'azure.container': 'market',
  'azure.account': 'us',
};
const INTO_DONE = { 'finished.path': 'done' };

test.each<[string, Options, Options]>([
  ['one bucket of S3', { ...S3, ...INTO_DONE, 's3.prefix': 'in' }, { ...S3, 's3.prefix': 'in/asx/' }],
  [
    'one bucket of Google',
    { ...GCS, 'gcs.prefix': 'in' },
    { ...GCS, 'finished.delete': 'true', 'gcs.prefix': 'in' },
  ],
  [
    'one container of Azure',
    { ...AZURE, ...INTO_DONE, 'azure.prefix': 'in' },
    { ...AZURE, 'azure.prefix': 'in' },
  ],
  ['one folder of a server', { ...SFTP, 'finished.path': '/done' }, { ...SFTP, 'input.path': '/in/sub' }],
])('%s is refused for two feeds of which one takes files away', async (_which, one, other) => {
  const { validated } = await judge(one, other);
  expect(validated).toMatch(/which of the two reads it would be chance/);
  expect(validated.trim().split('\n')).toHaveLength(1);
});

test.each<[string, Options, Options]>([
  ['two buckets', { ...S3, ...INTO_DONE, 's3.prefix': 'in' }, { ...S3, 's3.bucket': 'other' }],
  [
    'two prefixes',
    { ...S3, ...INTO_DONE, 's3.prefix': 'in' },
    { ...S3, 's3.prefix': 'into', 'finished.delete': 'true' },
  ],
  ['two servers', { ...SFTP, 'finished.delete': 'true' }, { ...SFTP, 'sftp.host': 'other' }],
  ['a bucket and a folder', { ...S3, ...INTO_DONE, 's3.prefix': 'in' }, { 'finished.delete': 'true' }],
  [
    'a chain',
    { ...S3, 's3.prefix': 'in', 'finished.path': 's3://market/next' },
    { ...S3, 's3.prefix': 'next' },
  ],
])('%s may run side by side elsewhere', async (_which, one, other) => {
  expect((await judge(one, other)).validated).toBe('');
});

test('files that would go round between two feeds for ever are refused', async () => {
  const there = { 'finished.path': './other' };
  const back = { 'input.path': './other', 'finished.path': './drop' };
  expect((await judge(there, back)).validated).toMatch(/go round for ever/);
});

test('two globs that are said to have nothing in common match no path together', () => {
  const piece = fc.constantFrom(
    '*',
    '?',
    'a',
    'b',
    '[ab]',
    '[^a]',
    '{a,bb}',
    '/',
    '**/',
    '@(a|b)',
    '+(a)',
    '!(b)',
  );
  const globs = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
  const paths = fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(globs, globs, paths, (one, other, path) => {
      fc.pre(globMatcher(one)(path) && globMatcher(other)(path));
      expect(mayOverlap(one, other)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
