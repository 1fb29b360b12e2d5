import { expect, test } from 'vitest';
import { judge, type Options } from '../judge-feeds.ts';

const KEY = 'errors.deadletterqueue.file';
const letters = (file: string, more: Options = {}): Options => ({
  'errors.tolerance': 'all',
  [KEY]: file,
  ...more,
});

test.each<[string, Options, Options]>([
  ['one dead-letter file', letters('./bad.csv'), letters('bad.csv')],
  ['one by two paths', letters('./drop/bad.csv'), letters('./link/bad.csv')],
  [
    'one that is the file of a task of the other',
    letters('./bad.csv', { 'tasks.max': '3' }),
    letters('./bad.csv.2'),
  ],
  [
    'one of several tasks each',
    letters('./bad.csv', { 'tasks.max': '2' }),
    letters('./bad.csv', { 'tasks.max': '3' }),
  ],
])(
  '%s for two feeds is refused by validate and by run, both files and the key named',
  async (_which, one, other) => {
    const { validated, ran } = await judge(one, other);
    for (const text of [validated, String((ran as Error).message)]) {
      expect(text).toMatch(/0\.json/);
      expect(text).toMatch(new RegExp(`1\\.json:\\d+: ${KEY}: `));
      expect(text.trim().split('\n')).toHaveLength(1);
    }
    expect(ran).toMatchObject({ code: 'CONFIG_INVALID' });
  },
);

test.each<[string, Options, Options]>([
  ['a file each', letters('./bad.csv'), letters('./other.csv')],
  ['files of one name in two folders', letters('./drop/bad.csv'), letters('./other/bad.csv')],
  ['a name beyond those of the tasks', letters('./bad.csv', { 'tasks.max': '2' }), letters('./bad.csv.2')],
])('%s may be written side by side', async (_which, one, other) => {
  expect((await judge(one, other)).validated).toBe('');
});
