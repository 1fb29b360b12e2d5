import { describe, expect, test } from 'vitest';
import {
  type Converter,
  type ConverterPlugin,
  defineConverter,
  RowError,
} from '../../../src/plugin/index.ts';
import { type ConverterBattery, testConverter } from '../../../src/testing/index.ts';
import { expectFound, failuresOf } from './verdicts.ts';

type Serialize = (value: { text: string; many: string[] }, topic: string) => unknown;

/** Writes a text in capitals, as `serialize` does it. */
function shouting(serialize: Serialize, rest: Partial<Converter> = {}): ConverterPlugin {
  const create = () => ({
    ...rest,
    serialize: (topic: string, _schema: unknown, value: unknown) =>
      value === null ? null : (serialize(value as never, topic) as string),
  });
  return defineConverter({ name: 'shout', doc: 'Shouts.', config: {}, create }) as ConverterPlugin;
}

const loud: Serialize = ({ text }) => {
  if (text === 'quiet') throw new RowError('Quiet', 'expected no "quiet"', 'expected something else');
  return text.toUpperCase();
};

const EXAMPLES: ConverterBattery['examples'] = [
  { value: { text: 'one', many: ['b', 'a'] }, gives: 'ONE' },
  { value: { text: 'quiet', many: [] }, rejects: 'no "quiet"' },
  { value: { text: 'two', many: [] }, topic: 'other', gives: Buffer.from('TWO') },
  { value: null, gives: null },
];

const casesOf = (plugin: ConverterPlugin) =>
  testConverter(plugin, { examples: EXAMPLES, seed: 1, deadlineMs: 50 });

test('a converter that does as it must passes every case', async () => {
  expect(await failuresOf(casesOf(shouting(loud)))).toEqual({});
  const prepared = new Set<string>();
  const prepare = async (topic: string) => {
    prepared.add(topic);
  };
  const plugin = shouting(
    (value, topic) => (prepared.has(topic) ? Buffer.from(String(loud(value, topic))) : ''),
    {
      prepare,
    },
  );
  expect(await failuresOf(casesOf(plugin))).toEqual({});
});

const SHARED = Buffer.alloc(3);
let last = '';
let tasks = 0;

describe('a converter with one fault is found', () => {
  test.each<[fault: string, plugin: ConverterPlugin, found: string, message: RegExp]>([
    [
      'another text than its example',
      shouting(({ text }) => (text === 'quiet' ? loud : text)),
      'writes of each value what its example says',
      /^converter shout: writes .*: example 1, \{ text: 'one', many: \[ 'b', 'a' \] \}.*: expected 'ONE', got 'one'$/,
    ],
    [
      'a row that passes and should not',
      shouting(({ text }) => text.toUpperCase()),
      'writes of each value what its example says',
      /example 2, .*: expected to be rejected with "no "quiet"", got 'QUIET'/,
    ],
    [
      'a promise',
      shouting(async (value, topic) => loud(value, topic)),
      'writes of each value what its example says',
      /expected bytes, a text or null, at once, got a promise/,
    ],
    [
      'a number',
      shouting(() => 7),
      'writes of each value what its example says',
      /expected bytes, a text or null, at once, got 7/,
    ],
    [
      'a text for nothing',
      { ...shouting(loud), create: () => ({ serialize: (_topic, _schema, value) => String(value) }) },
      'writes nothing for nothing',
      /null.*: expected null, got/,
    ],
    [
      'what it wrote before',
      shouting((value, topic) => {
        const before = last;
        last = String(loud(value, topic));
        return before.startsWith('T') ? before : last;
      }),
      'writes the same of a value whatever it wrote before',
      /expected 'ONE', got 'TWO' \(again with seed: 1\)/,
    ],
    [
      'a value that it sorts',
      shouting((value, topic) => {
        value.many.sort();
        return loud(value, topic);
      }),
      'leaves values and schemas as they are',
      /example 1, .* at value.many: expected \[ 'b', 'a' \], got \[ 'a', 'b' \]/,
    ],
    [
      'bytes that it uses again',
      shouting((value, topic) => {
        SHARED.write(String(loud(value, topic)));
        return SHARED;
      }),
      'touches no bytes once they were given',
      /its bytes, when others are written: expected 'ONE', got 'TWO'/,
    ],
    [
      'a mistake in its code for the error of a row',
      shouting(({ text }) => (text === 'quiet' ? (null as never as string).length : text.toUpperCase())),
      'rejects rows by errors that say what is wrong',
      /example 2, .*: expected a RowError, got TypeError/,
    ],
    [
      'a masked message with the value in it',
      shouting((value, topic) => {
        if (value.text === 'quiet') throw new RowError('Quiet', 'no "quiet"', 'no quiet');
        return loud(value, topic);
      }),
      'rejects rows by errors that say what is wrong',
      /expected a masked message without values of the row, got "no quiet"/,
    ],
    [
      'a second task that takes from the first',
      {
        ...shouting(loud),
        create() {
          const own = ++tasks;
          return {
            serialize(topic, _schema, value) {
              if (own !== tasks) throw new RowError('Taken', 'another task has come');
              return value === null ? null : (loud(value as never, topic) as string);
            },
          };
        },
      },
      'serves two tasks',
      /example 1, .*: expected 'ONE', got an error: another task has come/,
    ],
    [
      'a prepare that never comes back',
      shouting(loud, { prepare: () => new Promise<never>(() => {}) }),
      'writes of each value what its example says',
      /expected prepare to come to its end, got nothing within 50 ms/,
    ],
    [
      'a topic that it prepared for only once',
      shouting((value, topic) => (topic === last ? loud(value, topic) : 'unprepared'), {
        prepare: async (topic) => {
          last = topic;
        },
      }),
      'writes the same of a value whatever it wrote before',
      /got 'unprepared'/,
    ],
  ])('%s', async (_, plugin, found, message) => {
    [last, tasks] = ['', 0];
    await expectFound(casesOf(plugin), found, message);
  });
});
