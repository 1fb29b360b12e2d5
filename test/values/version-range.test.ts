import { expect, test } from 'vitest';
import {
  compareVersions,
  isInRange,
  type VersionRange,
  versionRange,
} from '../../src/values/version-range.ts';

/** Each is before the next: org.apache.maven.artifact.versioning.ComparableVersion has the order. */
const ORDER = [
  '0.9',
  '1-alpha1',
  '1.0-b2',
  '1.0-M3',
  '1.0-rc1',
  '1.0-SNAPSHOT',
  '1',
  '1-sp',
  '1-jre',
  '1.0.1',
  '1.2',
  '1.10',
];

test('versions have the order of Maven', () => {
  for (const [at, version] of ORDER.entries())
    for (const [other, second] of ORDER.entries())
      expect(Math.sign(compareVersions(version, second)), `${version} ${second}`).toBe(Math.sign(at - other));
});

test.each([
  ['1', '1.0.0'],
  ['1.0-cr2', '1-RC2'],
  ['1.0.0+build7', '1.0'],
  ['1.0-final', '1'],
])('%s is the same as %s', (one, other) => {
  expect(compareVersions(one, other)).toBe(0);
});

test.each([
  ['[1.0,2.0)', '1.0 1.9.9', '0.9 2.0 2.1'],
  ['(1.0,2.0]', '1.0.1 2.0', '1.0 2.0.1'],
  ['[1.0,)', '1.0 17', '0.9'],
  ['( , 1.5 ]', '0 1.5', '1.6'],
  ['[1.5]', '1.5', '1.4 1.5.1'],
  [' 1.5 ', '1.5', '1.4 1.5.1'],
  ['[1,2),(3,4]', '1 3.5 4', '2 2.5 3'],
  ['latest', '0 99', ''],
])('%s', (text, inside, outside) => {
  const range = versionRange(text) as VersionRange;
  const meets = (versions: string) =>
    versions.split(' ').filter((version) => version !== '' && isInRange(version, range));
  expect(meets(inside).join(' ')).toBe(inside);
  expect(meets(outside)).toEqual([]);
});

test.each(['', '[', '[1,2', '1,2', '(1)', '[2,1]', '[1,2,3]', '[1,2][3,4]', '[,]', '1 2'])(
  '%j is no range',
  (text) => {
    expect(versionRange(text)).toBeNull();
  },
);
