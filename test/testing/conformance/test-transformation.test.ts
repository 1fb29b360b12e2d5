import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type Applied,
  defineTransformation,
  RowError,
  type SourceRecord,
  type TransformationPlugin,
} from '../../../src/plugin/index.ts';
import { type TransformationBattery, testTransformation } from '../../../src/testing/index.ts';
import { expectFound, failuresOf } from './verdicts.ts';

type Apply = (record: SourceRecord, text: string) => Applied | Promise<Applied>;

/** Writes the text of a row in capitals, as `apply` does it. */
function shouting(apply: Apply, rest: Partial<TransformationPlugin> = {}): TransformationPlugin {
  const create = () => ({ apply: (record: SourceRecord) => apply(record, textOf(record)) });
  return { ...defineTransformation({ name: 'shout', doc: 'Shouts.', config: {}, create }), ...rest };
}

function textOf({ value }: SourceRecord): string {
  return (value as { text: string }).text;
}

function loud(record: SourceRecord, text: string): SourceRecord {
  if (text === 'quiet') throw new RowError('Quiet', 'expected no "quiet"', 'expected something else');
  return { ...record, value: { text: text.toUpperCase() } };
}

const EXAMPLES = [
  { row: { text: 'one' }, gives: { value: { text: 'ONE' } } },
  { row: { text: 'two' }, gives: { value: { text: 'TWO' } } },
  { row: { text: 'quiet' }, rejects: 'no "quiet"' },
  { row: { text: 'three' }, gives: { value: { text: 'THREE' } } },
] satisfies TransformationBattery['examples'];

const casesOf = (plugin: TransformationPlugin, more: Partial<TransformationBattery> = {}) =>
  testTransformation(plugin, { examples: EXAMPLES, ...more });

describe('a transformation that does as it must', () => {
  test.each<[how: string, plugin: TransformationPlugin]>([
    ['at once', shouting(loud)],
    ['in place', shouting((record, text) => Object.assign(record, loud(record, text)))],
    ['later', shouting(async (record, text) => (await wait(1)) ?? loud(record, text), { parallel: 3 })],
  ])('%s passes every case', async (_, plugin) => {
    expect(await failuresOf(casesOf(plugin))).toEqual({});
  });

  test('may filter rows out, give several records, set what belongs to a record, and get typed ones', async () => {
    const plugin = shouting((record, text) => {
      if (text === 'none') return null;
      return [record, { ...record, topic: 'again', value: { text }, headers: [] }];
    });
    const valueSchema = { name: 'row', fields: [{ name: 'text', type: 'string', optional: false }] } as const;
    const examples: TransformationBattery['examples'] = [
      { row: { text: 'none' }, gives: null },
      { row: { text: 'two' }, gives: [{ topic: null }, { topic: 'again', value: { text: 'two' } }] },
      { record: { value: { text: 'two' }, valueSchema, key: 7n }, gives: [{ key: 7n, valueSchema }, {}] },
    ];
    expect(await failuresOf(casesOf(plugin, { examples }))).toEqual({});
  });
});

let kept: SourceRecord | null = null;
let open = false;
let counted = 0;
const timers: NodeJS.Timeout[] = [];

afterEach(() => {
  for (const timer of timers.splice(0)) clearInterval(timer);
});

describe('a transformation with one fault is found', () => {
  test.each<[fault: string, plugin: TransformationPlugin, found: string, message: string | RegExp]>([
    [
      'no doc',
      shouting(loud, { doc: ' ' }),
      'says what it is and what its options are for',
      'transformation shout: says what it is and what its options are for: expected a doc, got " "',
    ],
    [
      'an option without a doc',
      shouting(loud, { config: { tone: { doc: '', format: 'string' } } }),
      'says what it is and what its options are for',
      'option tone: expected a doc, got ""',
    ],
    [
      'a default that its own format refuses',
      shouting(loud, { config: { times: { doc: 'How often.', format: 'nat', default: -1 } } }),
      'takes options that are right and tells wrong ones by their names',
      /times: expected .* got the default -1/,
    ],
    [
      'a check that throws',
      shouting(loud, {
        check() {
          throw new TypeError('x is undefined');
        },
      }),
      'takes options that are right and tells wrong ones by their names',
      'check threw x is undefined',
    ],
    [
      'another result than its example',
      shouting((record) => record),
      'makes of each row what its example says',
      "transformation shout: makes of each row what its example says: example 1, { text: 'one' }: value at text: expected 'ONE', got 'one'",
    ],
    [
      'a row that passes and should not',
      shouting((record, text) => ({ ...record, value: { text: text.toUpperCase() } })),
      'makes of each row what its example says',
      `example 3, { text: 'quiet' }: expected to be rejected with "no "quiet"", got a record: { text: 'QUIET' }`,
    ],
    [
      'nothing given',
      shouting(() => undefined as never),
      'makes of each row what its example says',
      'row 1 (line 1) of rows.csv: apply gave undefined; expected the record, a list of records, or null',
    ],
    [
      'a server that is always away',
      shouting(() => {
        throw Object.assign(new Error('the server is away'), { retriable: true });
      }),
      'makes of each row what its example says',
      'shout: the server is away',
    ],
    [
      'something of chance',
      shouting((record, text) => ({ ...loud(record, text), timestamp: Math.random() })),
      'makes the same of them in any batches',
      /at records\[0\]\.timestamp: expected .*, got .*\(again with seed: \d+\)/,
    ],
    [
      'the record of the row before it',
      shouting((record, text) => {
        const before = kept ?? record;
        kept = record;
        return { ...loud(record, text), origin: before.origin };
      }),
      'gives each row its own records, however many are on their way',
      /apply gave the record of row \d of .*, of which it was not asked/,
    ],
    [
      'a field that all calls share',
      shouting(
        async (record) => {
          kept = record;
          await wait(1);
          return loud(record, textOf(kept));
        },
        { parallel: 4 },
      ),
      'gives each row its own records, however many are on their way',
      /example \d, .*: what becomes of it beside others at records\[0\]\.value\.text: expected/,
    ],
    [
      'a record that it changes later',
      shouting((record, text) => {
        if (kept !== null) kept.topic = 'later';
        kept = record;
        return Object.assign(record, loud(record, text));
      }),
      'touches no record once it was given',
      "example 1, { text: 'one' }: what it gave, when the task ends at topic: expected null, got 'later'",
    ],
    [
      'a mistake in its code for the error of a row',
      shouting(
        (record, text) => (text === 'quiet' ? (null as never as [number])[0] : loud(record, text)) as never,
      ),
      'rejects rows by errors that say what is wrong',
      "example 3, { text: 'quiet' }: expected a RowError, got TypeError: Cannot read properties of null",
    ],
    [
      'a masked message with the value in it',
      shouting((record, text) => {
        if (text === 'quiet') throw new RowError('Quiet', 'no "quiet"', 'expected no quiet');
        return loud(record, text);
      }),
      'rejects rows by errors that say what is wrong',
      'expected a masked message without values of the row, got "expected no quiet"',
    ],
    [
      'a task that ends the others with it',
      {
        ...shouting(loud),
        create() {
          open = true;
          return {
            apply(record) {
              if (!open) throw new Error('the connection is closed');
              return loud(record, textOf(record));
            },
            close() {
              open = false;
            },
          };
        },
      },
      'serves two tasks, of which one is closed before the other',
      "example 1, { text: 'one' }: what becomes of it in a second task: expected { outcome: 'records'",
    ],
    [
      'a count that all tasks share',
      shouting((record, text) => ({ ...loud(record, text), key: counted++ })),
      'serves two tasks, of which one is closed before the other',
      /at records\[0\]\.key: expected \d+, got \d+/,
    ],
    [
      'a call that never comes back',
      shouting(() => new Promise<never>(() => {})),
      'comes to its end when the task is told to stop',
      'expected apply, once the signal has aborted, to come to its end, got nothing within 50 ms',
    ],
    [
      'a timer that it leaves running',
      {
        ...shouting(loud),
        create: () => {
          timers.push(setInterval(() => {}, 60_000));
          return { apply: (record) => loud(record, textOf(record)) };
        },
      },
      'leaves nothing running when it is closed',
      'expected nothing to be left running, got Timeout',
    ],
    [
      'a field behind it of which it says nothing',
      shouting((record, text) => ({ ...record, value: { ...loud(record, text), length: 3 } }), {
        fieldUse: () => ({ seeks: [], after: (before) => before }),
      }),
      'has the fields behind it that it says',
      'fieldUse: expected no fields behind it but text, got',
    ],
  ])('%s', async (_, plugin, found, message) => {
    [kept, counted] = [null, 0];
    const literal = typeof message === 'string' ? new RegExp(RegExp.escape(message)) : message;
    // One that does not come back is waited for in every case; others have all the time that a busy machine needs.
    const deadlineMs = literal.source.includes('50') ? 50 : 2000;
    await expectFound(casesOf(plugin, { deadlineMs }), found, literal);
  });

  test('two records that share a value', async () => {
    const plugin = shouting((record) => [record, { ...record, headers: [] }]);
    const examples = [{ row: { text: 'one' }, gives: [{}, {}] }];
    const found = 'touches no record once it was given';
    await expectFound(casesOf(plugin, { examples }), found, /records with a value of their own each/);
  });

  test('a schema, which all rows share, with a field more', async () => {
    const plugin = shouting((record) => {
      (record.valueSchema as unknown as { fields: object[] }).fields.push({
        name: 'more',
        type: 'string',
        optional: true,
      });
      return record;
    });
    const valueSchema = { name: 'row', fields: [] };
    const examples = [{ record: { value: { text: 'one' }, valueSchema }, gives: {} }];
    const found = 'leaves alone what rows share';
    await expectFound(
      casesOf(plugin, { examples }),
      found,
      /the valueSchema .* at fields\[0\]: expected nothing, got .*more/,
    );
  });

  test('an option that only create finds wrong', async () => {
    const plugin = shouting(loud, { config: { times: { doc: 'How often.', format: 'nat', default: 1 } } });
    const wrongOptions = [{ options: { times: '0' }, message: 'times: expected 1 or more' }];
    const found = 'takes options that are right and tells wrong ones by their names';
    const message =
      /options \{"times":"0"\}: expected a mistake with "times: expected 1 or more" in it, got none/;
    await expectFound(casesOf(plugin, { wrongOptions }), found, message);
  });
});
