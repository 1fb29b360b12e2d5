import { expect, test } from 'vitest';
import { renderProblem } from '../../../src/config/read/problem.ts';
import { flattenProperties } from '../../../src/config/read/properties.ts';

const origin = { source: 'worker.properties', folder: '/' };

function read(text: string): Record<string, string> {
  const { entries, problems } = flattenProperties(text, origin);
  expect(problems).toEqual([]);
  return Object.fromEntries([...entries].map(([key, entry]) => [key, entry.text]));
}

test.each<[string, string, Record<string, string>]>([
  [
    'keys end at an equals sign, a colon or a space',
    'a=1\nb: 2\nc 3\nd = 4',
    { a: '1', b: '2', c: '3', d: '4' },
  ],
  ['values keep the spaces at their ends, and the signs in them', 'a=  x = y: z ', { a: 'x = y: z ' }],
  ['comments and blank lines are nothing', '# a=1\n! b=2\n\n  # c\na=#1', { a: '#1' }],
  ['a backslash at the end goes on with the next line', 'a=x\\\n   y\\\n#z\nb=1', { a: 'xy#z', b: '1' }],
  ['two of them are one, and end the line', 'a=x\\\\\nb=1', { a: 'x\\', b: '1' }],
  ['what a backslash is before is itself', 'a\\=b\\ c=\\u00e9\\t\\q\\:', { 'a=b c': 'é\tq:' }],
  ['a key alone has nothing', 'a\nb=', { a: '', b: '' }],
  ['lines may end as on Windows, and the file begin with a mark', '\uFEFFa=1\r\nb=2\r\n', { a: '1', b: '2' }],
  ['a backslash at the end of the file is nothing', 'a=1\\', { a: '1' }],
])('%s', (_title, text, expected) => expect(read(text)).toEqual(expected));

test('a key that is set twice is a mistake', () => {
  const { problems } = flattenProperties('a=1\nb=2\na=3', origin);
  expect(problems.map(renderProblem)).toEqual([
    'worker.properties:3: a: is already set in line 1; keep one of the two',
  ]);
});
