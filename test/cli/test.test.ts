import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FEED as TRADES } from '../feed-tests/support.ts';
import { headrace } from './support/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'headrace-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The rows here have neither column. */
const FEED = `${TRADES}transforms.validate.fields.quantity.absent: true
transforms.validate.fields.fee.absent: true
`;

const RIGHT = `feed: ../feed.yaml
cases:
  - name: a trade is typed and keyed
    rows: |
      symbol,price
      BHP,45.20
    records:
      - { key: BHP, fields: { price: 45.20 } }
`;

beforeAll(() => {
  mkdirSync(join(folder, 'cases'));
  const files = {
    'feed.yaml': FEED,
    'wrong.yaml': FEED.replace('type: route', 'type: rout'),
    'cases/right.yaml': RIGHT,
    'cases/failing.yaml': RIGHT.replace('price: 45.20 }', 'price: 45.21 }'),
    'cases/mistaken.yaml': RIGHT.replace('rows:', 'row:'),
    'cases/of-wrong.yaml': RIGHT.replace('../feed.yaml', '../wrong.yaml'),
    'cases/empty.yaml': '',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});

function run(...args: string[]) {
  return headrace(['test', ...args], { cwd: folder });
}

describe('headrace test', () => {
  test('ends with 0 when every case passes, wherever it is run', async () => {
    expect(await run('cases/right.yaml')).toEqual({
      code: 0,
      stdout: 'cases/right.yaml\n  ✓ a trade is typed and keyed\n\n1 case: 1 passed, 0 failed\n',
      stderr: '',
    });
  });

  test('ends with 1 when one fails, and shows what is not as expected', async () => {
    expect(await run('cases/right.yaml', 'cases/failing.yaml')).toEqual({
      code: 1,
      stdout: `cases/right.yaml
  ✓ a trade is typed and keyed

cases/failing.yaml
  ✗ a trade is typed and keyed (line 3)
      record 1, of row 1
        value.price  expected 45.21
                     got      45.2

2 cases: 1 passed, 1 failed
`,
      stderr: '',
    });
  });

  test('prints one JSON object with --json', async () => {
    const { code, stdout } = await run('cases/failing.yaml', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      passed: 0,
      failed: 1,
      files: [
        {
          file: 'cases/failing.yaml',
          cases: [
            {
              name: 'a trade is typed and keyed',
              ok: false,
              failures: [{ differences: [{ path: 'value.price', expected: 45.21, got: 45.2 }] }],
            },
          ],
        },
      ],
    });
  });
});

describe('bad usage is told in full, with code 2:', () => {
  test.each([
    [['nope.yaml'], 'nope.yaml: no such file\n'],
    [['cases'], 'cases: is a folder; expected a YAML file of cases\n'],
    [['cases/empty.yaml'], 'cases/empty.yaml: is empty; expected a feed and cases\n'],
    [
      ['cases/mistaken.yaml', 'nope.yaml'],
      'cases/mistaken.yaml:3: cases[0].rows: is missing: the text of a file, after "rows: |"\n' +
        'cases/mistaken.yaml:4: cases[0].row: unknown key; did you mean rows?\nnope.yaml: no such file\n',
    ],
  ])('%s', async (args, stderr) => {
    expect(await run(...args)).toEqual({ code: 2, stdout: '', stderr });
  });

  test('a feed with mistakes, in the lines of validate', async () => {
    const { code, stdout, stderr } = await run('cases/of-wrong.yaml');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const validated = await headrace(['validate', 'wrong.yaml'], { cwd: folder });
    expect(stderr).toBe(validated.stderr);
  });

  test.each([
    [['--nope', 'x.yaml'], "unknown option '--nope'"],
    [[], "missing required argument 'file'"],
  ])('%s', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
