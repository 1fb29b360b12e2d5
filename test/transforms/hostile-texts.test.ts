import { expect, it } from 'vitest';
import { globMatcher } from '../../connectors/files/glob/glob.ts';
import { renderProblem } from '../../src/config/read/problem.ts';
import { countByReason } from '../../src/dead-letters/counts.ts';
import { value as cast } from '../../transforms/connect/cast.ts';
import { value as timestampConverter } from '../../transforms/connect/timestamp-converter.ts';
import field from '../../transforms/field/index.ts';
import { compileFilePattern } from '../../transforms/route/file-pattern.ts';
import { notAllowed } from '../../transforms/route/topic-rule.ts';
import schema from '../../transforms/schema/index.ts';
import { makeTransformation, pluginContext, recordOf } from './support.ts';

const LENGTH = 1_000_000;

/** Long runs of what numbers, times and patterns are made of, ended by what is in none of them: time squared would be hours. */
const TEXTS = [
  ...[
    '0',
    '1',
    ' ',
    '-',
    '.',
    ',',
    'e',
    '+',
    '"',
    '\\',
    '\n',
    ':',
    'T',
    '9,',
    '1.',
    '1e',
    '$',
    '\\"',
    '[',
    ' \n',
    '1,000',
  ],
].map((unit) => `${unit.repeat(LENGTH / unit.length)}!`);

const FIELDS: Readonly<Record<string, string>>[] = [
  ...['int', 'long', 'float', 'double', 'boolean', 'decimal', 'date', 'timestamp', 'time'].map((x) => ({
    x,
  })),
  { x: 'decimal', 'x.precision': '18', 'x.scale': '4' },
  { x: 'decimal', 'x.thousands': ',', 'x.currency': '$' },
  { x: 'double', 'x.thousands': '.', 'x.decimal': ',' },
  { x: 'long', 'x.thousands': ' ', 'x.trim': 'true' },
  {
    x: 'decimal',
    'x.currency': 'A AA AAA $',
    'x.thousands': ',',
    'x.grouping': 'indian',
    'x.forms': 'plus,trailing-minus,parentheses,bare-point,exponent,percent',
  },
  { x: 'long', 'x.forms': 'exponent,zero-fraction,percent' },
  { x: 'boolean', 'x.true.values': 'Y', 'x.false.values': 'N' },
  { x: 'date', 'x.format': 'd.M.yyyy' },
  { x: 'timestamp', 'x.format': "yyyyMMdd'T'HHmmss.SSSX" },
  { x: 'timestamp', 'x.format': 'rfc1123' },
  { x: 'timestamp', 'x.format': 'EEE d MMMM yyyy h:mm[:ss][.SSS] a VV|yyyy-MM-dd z|epoch|excel|number_ns' },
  { x: 'time', 'x.format': 'excel|number_ns|midnight_us|h:mm a' },
  { x: 'decimal', 'x.implied.decimals': '4', 'x.thousands': ',', 'x.forms': 'trailing-minus' },
  { x: 'date', 'x.format': 'excel|number|EEEE, dd MMMM yy' },
  { x: 'timestamp', 'x.unit': 'millis' },
  { x: 'enum', 'x.symbols': 'buy,sell', 'x.case': 'lower', 'x.trim': 'true' },
];

it('A value of a million characters is held against a condition in no time', () => {
  const none = { field: 'x', equals: null, in: [], matches: null, min: null, max: null, isNull: null };
  for (const x of TEXTS) {
    expect(field.create({ ...none, equals: '1', in: ['1'] }, pluginContext).test(recordOf({ x }))).toBe(
      false,
    );
    expect(() => field.create({ ...none, min: '1' }, pluginContext).test(recordOf({ x }))).toThrow(
      'expected a number',
    );
    expect(() => field.create({ ...none, max: '2026-01-01' }, pluginContext).test(recordOf({ x }))).toThrow(
      'expected a date',
    );
  }
});

it.each(FIELDS)('A cell of a million characters is held against %j in no time', async (fields) => {
  const stage = await makeTransformation(schema, { fields, nullValues: ['NULL', 'N/A'] });
  for (const text of TEXTS) expect(() => stage.apply(recordOf({ x: text }))).toThrow();
});

it.each([
  [
    'cast',
    (text: string) =>
      makeTransformation(cast, { spec: ['x:float64'] }).then((to) => to.apply(recordOf({ x: text }))),
  ],
  [
    'TimestampConverter',
    (text: string) =>
      makeTransformation(timestampConverter, {
        field: 'x',
        targetType: 'unix',
        format: "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
      }).then((to) => to.apply(recordOf({ x: text }))),
  ],
])('So is it by %s', async (_, apply) => {
  for (const text of TEXTS) await apply(text).catch(() => {});
  expect(TEXTS).not.toEqual([]);
});

it.each([
  '*_*_*_*_*.csv',
  '**/**/**/**/*.csv',
  '+(+(+(a|_)))b',
  '*(_|a|_)*(_|a)!(*b)c',
  '{*_,*__}{*_,*__}{*_,*__}x',
  '[_a]*[_a]*[_a]*.gz',
])('A name is held against the glob %s in no time', (glob) => {
  const matches = globMatcher(glob);
  for (const name of [
    '_'.repeat(245),
    'a'.repeat(245),
    `${'_/'.repeat(1500)}x`,
    `${'a_'.repeat(120)}/`.repeat(12),
  ])
    expect(matches(`${name}.csx`)).toBe(false);
});

it('So is it against the pattern of a route, and a topic against those allowed', () => {
  const pattern = compileFilePattern('{a}_{b}_{c}_{d}_*_*_*.csv');
  if (typeof pattern === 'string') throw new Error(pattern);
  expect(pattern.match(`${'_'.repeat(LENGTH)}.csx`)).toBeNull();
  expect(notAllowed('a'.repeat(LENGTH), ['*a*a*a*a*a*b'])).not.toBeNull();
});

it('Messages that quote such a text are counted and printed in no time', () => {
  for (const text of TEXTS) {
    const letter = {
      stage: 'PARSE',
      error: 'x',
      message: `x: expected a long, got "${text}`,
      file: 'a',
      row: 1,
    };
    expect(countByReason([letter as never])).toHaveLength(1);
    expect(renderProblem({ file: 'a', line: 1, column: 1, key: 'k', message: text })).toMatch(/^a:1: k/);
  }
});
