import fc from 'fast-check';
import picomatch from 'picomatch';
import { expect, test } from 'vitest';
import { globMatcher } from '../../../../connectors/files/glob/glob.ts';

test.each<[string, string[], string[]]>([
  ['*.csv', ['a.csv', 'a\nb.csv', '*.csv'], ['.csv', 'a.csv.gz', 'a/b.csv', '.a.csv', 'A.CSV']],
  ['*.csv{,.gz}', ['a.csv', 'a.csv.gz'], ['a.csv.', 'a.gz']],
  ['asx/**/*.csv', ['asx/a.csv', 'asx/b/c/a.csv'], ['asx.csv', 'asx/.git/a.csv', 'x/asx/a.csv']],
  ['**/day-{1..12}.csv', ['day-1.csv', 'x/day-12.csv'], ['day-13.csv', 'day-01.csv']],
  ['{08..11}', ['08', '09', '10', '11'], ['8', '12']],
  ['[0-9]+.csv', ['1.csv', '123.csv'], ['.csv', 'a.csv', '1a.csv']],
  ['[!0-9]?[[:upper:]]', ['abC', '😀éZ'], ['1bC', 'abc', 'abCD']],
  ['@(asx|nyse)_*.@(csv|tsv)', ['asx_1.csv', 'nyse_.tsv'], ['lse_1.csv', 'asx_1.txt']],
  ['+(a|b)?(c)', ['a', 'abab', 'abc'], ['', 'c', 'abcc']],
  ['!(*.tmp|*.part)', ['a.csv', 'tmp'], ['a.tmp', '.hidden']],
  ['!*.tmp', ['a.csv'], ['a.tmp']],
  ['a/**', ['a/b', 'a/b/c'], ['a', 'b/a', 'a/.b']],
  ['[x].csv', ['x.csv', '[x].csv'], ['[y].csv']],
  ['\\*.csv', ['*.csv'], ['a.csv']],
  ['{a}[', ['{a}['], ['a[']],
  ['./*.csv', ['a.csv'], ['./b/a.csv']],
])('the glob %s means what it does in a shell', (glob, fitting, others) => {
  const matches = globMatcher(glob);
  expect(fitting.filter((path) => !matches(path))).toEqual([]);
  expect(others.filter((path) => matches(path))).toEqual([]);
});

test('a glob matches what picomatch matches', () => {
  const piece = fc.constantFrom('*', '?', 'a', 'b', '.', '_', '[ab]', '{a,b_}', '/', '**/', '@(a|b)_');
  const globs = fc.array(piece, { minLength: 1, maxLength: 7 }).map((pieces) => pieces.join(''));
  const names = fc.array(fc.constantFrom('a', 'b', '_', '.', 'ab'), { minLength: 1, maxLength: 6 });
  const paths = fc.array(
    names.map((parts) => parts.join('')),
    { minLength: 1, maxLength: 3 },
  );
  fc.assert(
    fc.property(globs, paths, (glob, parts) => {
      // Empty names in a glob, and names of dots alone, are not paths of files; nor is a itself below a, as picomatch has it.
      fc.pre(
        !/\/\/|^\/|\/$|\*\*\*|[^/]\*\*|\*\*[^/]|\.|\/\*\*$/.test(glob) &&
          !parts.some((part) => /^\.+$/.test(part)),
      );
      const path = parts.join('/');
      expect(globMatcher(glob)(path)).toBe(picomatch(glob, { flags: 's' })(path));
    }),
    { numRuns: 5000 },
  );
});

// A matcher that goes back would take minutes for each of these; the test's own time limit ends it.
test.each([
  ['*_*_*_*_*.csv', `${'_'.repeat(245)}.csx`],
  ['*_*_*_*_*_*_*.@(csv|tsv)', `${'_'.repeat(245)}.csx`],
  ['+(_|__|___)*.csv', `${'_'.repeat(245)}.csx`],
  ['+(+(a|aa)|*a)*(a|?)b', 'a'.repeat(250)],
  ['!(*_*_!(*_*_*.csv)_*)!(*_*_*).csv', `${'_'.repeat(245)}.csx`],
  [`${'{a,a?,*}'.repeat(40)}b`, 'a'.repeat(250)],
  ['**/*/**/*/**/*/**/*.csv', `${'a/'.repeat(1000)}a.csx`],
])('the glob %s is held against a long name that does not fit at once', (glob, name) => {
  expect(globMatcher(glob)(name)).toBe(false);
});
