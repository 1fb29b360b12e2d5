import { describe, expect, test } from 'vitest';
import { fileUrl, folderUrl, urlMeant, urlOf } from '../../../connectors/inputs/file-url.ts';

describe('a URL of a file', () => {
  test.each([
    ['s3://asx-drop/2026/trades.csv', { scheme: 's3', host: 'asx-drop', name: '2026/trades.csv' }],
    ['S3://b/x', { scheme: 's3', host: 'b', name: 'x' }],
    ['s3://b/a//b /c%20d+e#f.csv', { scheme: 's3', host: 'b', name: 'a//b /c%20d+e#f.csv' }],
    ['s3://b/2026-*/trades-?.{csv,csv.gz}', { scheme: 's3', name: '2026-*/trades-?.{csv,csv.gz}' }],
    ['gs://b.example.com/x', { scheme: 'gs', host: 'b.example.com', name: 'x' }],
    ['az://container/x', { scheme: 'az', host: 'container', name: 'x' }],
    [
      'sftp://alice@files.example.com:2222/in/x.csv',
      { host: 'files.example.com', user: 'alice', port: 2222 },
    ],
    ['sftp://files.example.com/in/x.csv', { user: null, port: null, name: '/in/x.csv' }],
    ['sftp://alice@[::1]:22/x', { host: '::1', user: 'alice', port: 22, name: '/x' }],
    ['sftp://a@b@files/x', { host: 'files', user: 'a@b' }],
  ])('%s', (text, parts) => {
    expect(fileUrl(text)).toMatchObject(parts);
  });

  test('is written anew from its parts as it was given', () => {
    for (const text of ['s3://b/a//b c', 'sftp://alice@host:22/in/x.csv', 'sftp://[::1]/x']) {
      const url = fileUrl(text);
      expect(urlOf(url, url.name)).toBe(text);
    }
    expect(urlOf(fileUrl('S3://b/x'), 'x')).toBe('s3://b/x');
  });
});

describe('a URL that is none is told with what was expected', () => {
  test.each([
    ['s3a://b/x', 'did you mean s3://?'],
    ['gcs://b/x', 'did you mean gs://?'],
    ['abfss://c@a.dfs.core.windows.net/x', 'did you mean az://?'],
    ['https://b.s3.amazonaws.com/x', 'expected s3://, gs://, az:// or sftp://'],
    ['file:///x', 'give the path alone'],
    ['s3:///x', 'has no name of a bucket behind s3://'],
    ['az:///x', 'has no name of a container behind az://'],
    ['s3://my bucket/x', 'has no name of a bucket behind s3://'],
    ['s3://b/x?versionId=7', 'has a query'],
    ['s3://b/x.csv ', 'has a space at its beginning or end'],
    ['s3://b', "names a folder; name its files, as in 's3://b/*.csv'"],
    ['s3://b/in/', "names a folder; name its files, as in 's3://b/in/*.csv'"],
    ['sftp://host', "names a folder; name its files, as in 'sftp://host/*.csv'"],
    ['s3://KEY:SECRET@b/x', 'has credentials in it'],
    ['sftp://host:99999/x', 'expected sftp://user@host/path'],
    ['sftp:///x', 'expected sftp://user@host/path'],
  ])('%s', (text, problem) => {
    expect(() => fileUrl(text)).toThrow(problem);
  });

  test('and a password in it is not told again', () => {
    expect(() => fileUrl('sftp://alice:se:cret@host/x')).toThrow(
      /^sftp:\/\/alice:\*\*\*@host\/x: has a password/,
    );
    expect(() => fileUrl('s3://KEY:SECRET@b/x')).toThrow(/^s3:\/\/\*\*\*@b\/x: has credentials/);
  });
});

test('a URL of a folder may have a slash at its end or none', () => {
  for (const text of ['s3://b/in', 's3://b/in/']) expect(folderUrl(text).name).toBe('in/');
  for (const text of ['s3://b', 's3://b/']) expect(folderUrl(text).name).toBe('');
  expect(folderUrl('sftp://host').name).toBe('/');
});

test('a URL with too few slashes is seen in a path that is not there', () => {
  expect(urlMeant('s3:/b/x')).toBe('s3://b/x');
  expect(urlMeant('s3:b/x')).toBe('s3://b/x');
  expect(urlMeant('/cwd/sftp:/host/x')).toBe('sftp://host/x');
  expect(urlMeant('news3:/x')).toBeNull();
});
