// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Connect's placeholders look like JavaScript's

import { describe, expect, it } from 'vitest';
import regexRouter from '../../../transforms/connect/regex-router.ts';
import { problemsOf } from '../support.ts';
import { type Case, expected, outcome } from './shared/support.ts';

const route = (regex: string, replacement: string) => ({ regex, replacement });
const topic = (name: string) => ({ topic: name });

describe('RegexRouter', () => {
  it.each<Case>([
    ['a topic that matches', route('old-(.*)', 'new.$1'), topic('old-trades'), topic('new.trades')],
    ['not one that matches in part', route('old', 'new'), topic('old-trades'), {}],
    ['with the first match, as Java does', route('a|ab', 'x'), topic('ab'), topic('xb')],
    [
      'with named groups',
      route('(?<kind>\\w+)-(\\d+)', '${kind}.$2'),
      topic('trades-07'),
      topic('trades.07'),
    ],
    ['with a group that did not take part', route('a(b)?', 'x$1'), topic('a'), topic('x')],
    ['with group 1 and a 0 where there is no group 10', route('(a)', '$10'), topic('a'), topic('a0')],
    ['with escapes of Java', route('a\\-b\\_[\\-c]\\.d', '\\x\\-'), topic('a-b_-.d'), topic('x-')],
    ['with text that is special in JavaScript', route('a', 'x.$0'), topic('a'), topic('x.a')],
    [
      'not to a name that Kafka refuses',
      route('(a)', '$1/'),
      topic('a'),
      'InvalidTopic: topic: expected a topic of 1 to 249 letters, digits, dots, _ and -, got "a/"',
    ],
    [
      'not without a topic',
      route('a', 'b'),
      { topic: null },
      'MissingTopic: topic: the record has none yet; route it first',
    ],
  ])('renames %s', async (_, options, before, after) => {
    expect(await outcome(regexRouter, options, before)).toEqual(expected(before, after));
  });

  it.each(['(a+)+b', '(a|aa)+$b', '(.*a){30}b', '(?i)([a-z]+)*!'])(
    'rejects rows by %s instead of stalling, however many topics there are',
    async (regex) => {
      const transformation = await regexRouter.create(route(regex, 'x'), {} as never);
      // Tried one by one, these would take longer than a test may.
      for (let i = 0; i < 1000; i++) {
        const record = expected({ topic: 'a'.repeat(200 + (i % 49)) + i }, {}) as never;
        expect(() => transformation.apply(record)).toThrow(/took longer than 500 ms; simplify the pattern/);
      }
    },
  );

  it('goes on with topics that it knows once others took too long', async () => {
    const transformation = await regexRouter.create(route('(a|a)*b|trades', 'x'), {} as never);
    const apply = (topic: string) => transformation.apply(expected({ topic }, {}) as never);
    expect(apply('trades')).toMatchObject({ topic: 'x' });
    for (let i = 0; i < 4; i++) expect(() => apply('a'.repeat(240) + i)).toThrow(/took longer/);
    expect(() => apply('quotes')).toThrow(/^topic: matching 3 topics before "quotes" with .* took longer/);
    expect(apply('trades')).toMatchObject({ topic: 'x' });
  });

  it.each([
    ['a(', 'x', /^regex: expected a regular expression: /],
    ['a++', 'x', /^regex: expected a regular expression: /],
    ['(?>a)', 'x', /^regex: expected a regular expression: /],
    ['(a)', '$2', /^replacement: there is no group 2$/],
    ['(a)', '$', /^replacement: a \$ has no group after it; write \\\$ for a dollar$/],
    ['(a)', '${x}', /^replacement: no group is named x$/],
    ['(a)', 'x\\', /^replacement: a \\ has nothing after it; write \\\\ for a backslash$/],
  ])('does not take %j and %j', (regex, replacement, problem) => {
    expect(problemsOf(regexRouter, { regex, replacement })).toEqual([expect.stringMatching(problem)]);
  });
});
