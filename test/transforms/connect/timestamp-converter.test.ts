import { describe, expect, it } from 'vitest';
import {
  key as onKey,
  value as timestampConverter,
} from '../../../transforms/connect/timestamp-converter.ts';
import { problemsOf } from '../support.ts';
import { type Case, expected, outcome, schemaOf } from './shared/support.ts';

const MS = 1768037400123;
const ISO = '2026-01-10T09:30:00.123Z';
const DAY = 'dd/MM/yyyy';

describe('TimestampConverter$Value turns', () => {
  it.each<[unknown, Record<string, unknown>, unknown]>([
    [BigInt(MS), { targetType: 'Timestamp' }, ISO],
    [MS, { targetType: 'Timestamp' }, ISO],
    [-1n, { targetType: 'Timestamp' }, '1969-12-31T23:59:59.999Z'],
    [BigInt(MS), { targetType: 'Date' }, '2026-01-10'],
    [BigInt(MS), { targetType: 'Time' }, '09:30:00.123'],
    [BigInt(MS), { targetType: 'string', format: "yyyy-MM-dd'T'HH:mm:ss.SSSXXX" }, ISO],
    [BigInt(MS), { targetType: 'string', format: "d/M/yyyy H 'o''clock' Z" }, "10/1/2026 9 o'clock +0000"],
    [1768037400n, { targetType: 'Timestamp', unixPrecision: 'seconds' }, '2026-01-10T09:30:00.000Z'],
    [1768037400123456n, { targetType: 'Timestamp', unixPrecision: 'microseconds' }, ISO],
    [1768037400123456789n, { targetType: 'Timestamp', unixPrecision: 'nanoseconds' }, ISO],
    [ISO, { targetType: 'unix' }, BigInt(MS)],
    [ISO, { targetType: 'unix', unixPrecision: 'seconds' }, 1768037400n],
    ['1969-12-31T23:59:58.500Z', { targetType: 'unix', unixPrecision: 'seconds' }, -1n],
    [ISO, { targetType: 'unix', unixPrecision: 'microseconds' }, 1768037400123000n],
    [ISO, { targetType: 'unix', unixPrecision: 'nanoseconds' }, 1768037400123000000n],
    ['2026-01-10', { targetType: 'Timestamp' }, '2026-01-10T00:00:00.000Z'],
    ['2026-01-10T19:30:00+10:00', { targetType: 'Timestamp' }, '2026-01-10T09:30:00.000Z'],
    [new Date(MS), { targetType: 'Timestamp' }, ISO],
    ['10/01/2026', { targetType: 'Timestamp', format: DAY }, '2026-01-10T00:00:00.000Z'],
    ['10/01/2026', { targetType: 'string', format: DAY }, '10/01/2026'],
    ['1/2/2026', { targetType: 'Date', format: 'd/M/yyyy' }, '2026-02-01'],
    ['09:30', { targetType: 'unix', format: 'HH:mm' }, 34200000n],
    [
      '2026-01-10 19:30 +1000',
      { targetType: 'Timestamp', format: 'yyyy-MM-dd HH:mm Z' },
      '2026-01-10T09:30:00.000Z',
    ],
    [
      '2026-01-10 05:00 -04:30',
      { targetType: 'Timestamp', format: 'yyyy-MM-dd HH:mm XXX' },
      '2026-01-10T09:30:00.000Z',
    ],
    ['2026-01-10 09Z', { targetType: 'Timestamp', format: 'yyyy-MM-dd HHX' }, '2026-01-10T09:00:00.000Z'],
    [null, { targetType: 'Date' }, null],
  ])('%s with %j into %s', async (value, options, after) => {
    const before = { value: { at: value, b: 1 } };
    expect(await outcome(timestampConverter, { field: 'at', ...options }, before)).toEqual(
      expected(before, { value: { at: after, b: 1 } }),
    );
    expect(await outcome(timestampConverter, options, { value })).toEqual(
      expected({ value }, { value: after }),
    );
  });

  it.each<[unknown, Record<string, unknown>, string]>([
    [
      '30/02/2026',
      { format: DAY },
      'InvalidTimestamp: at: expected a timestamp as format has it, got "30/02/2026"',
    ],
    [
      '10/01/2026 x',
      { format: DAY },
      'InvalidTimestamp: at: expected a timestamp as format has it, got "10/01/2026 x"',
    ],
    ['2026-02-30', {}, 'InvalidTimestamp: at: expected a timestamp, got "2026-02-30"'],
    ['2026-01-10T24:00:00', {}, 'InvalidTimestamp: at: expected a timestamp, got "2026-01-10T24:00:00"'],
    [10n ** 18n, {}, 'InvalidTimestamp: at: expected a timestamp, got "1000000000000000000"'],
    [1.5, {}, 'UnknownTimestamp: at: expected a timestamp, date, long or text, got a number'],
    [true, {}, 'UnknownTimestamp: at: expected a timestamp, date, long or text, got a boolean'],
  ])('%s with %j into a rejection', async (value, options, message) => {
    const all = { field: 'at', targetType: 'Timestamp', ...options };
    expect(await outcome(timestampConverter, all, { value: { at: value } })).toBe(message);
  });
});

describe('TimestampConverter$Value', () => {
  const options = { field: 'at', targetType: 'unix' };

  it.each<Case>([
    [
      'retypes a timestamp in the schema',
      options,
      { value: { at: ISO }, valueSchema: schemaOf({ at: 'timestamp' }) },
      { value: { at: BigInt(MS) }, valueSchema: schemaOf({ at: 'long' }) },
    ],
    [
      'retypes a date in the schema',
      { ...options, targetType: 'Timestamp' },
      { value: { at: '2026-01-10' }, valueSchema: schemaOf({ at: 'date' }) },
      { value: { at: '2026-01-10T00:00:00.000Z' }, valueSchema: schemaOf({ at: 'timestamp' }) },
    ],
    [
      'reads a timestamp of the schema as ISO 8601, whatever the format',
      { field: 'at', targetType: 'string', format: DAY },
      { value: { at: ISO }, valueSchema: schemaOf({ at: 'timestamp' }) },
      { value: { at: '10/01/2026' }, valueSchema: schemaOf({ at: 'string' }) },
    ],
    [
      'leaves no schema with a time, which schemas do not have',
      { ...options, targetType: 'Time' },
      { value: { at: ISO }, valueSchema: schemaOf({ at: 'timestamp' }) },
      { value: { at: '09:30:00.123' }, valueSchema: null },
    ],
    [
      'refuses an int of a schema',
      options,
      { value: { at: 5 }, valueSchema: schemaOf({ at: 'int' }) },
      'UnknownTimestamp: at: expected a timestamp, date, long or text, got a field of type int',
    ],
    [
      'leaves a record whose schema lacks the field',
      options,
      { value: { b: '1' }, valueSchema: schemaOf({ b: 'string' }) },
      {},
    ],
    ['makes a field of null where there is none', options, { value: {} }, { value: { at: null } }],
    ['lets a tombstone pass', options, { value: null }, {}],
    [
      'refuses text where it wants a field',
      options,
      { value: 'x' },
      'NotARow: value: expected an object with fields, got a string',
    ],
    [
      'refuses a whole object',
      { targetType: 'unix' },
      { value: {} },
      'UnknownTimestamp: value: expected a timestamp, date, long or text, got an object',
    ],
  ])('%s', async (_, given, before, after) => {
    expect(await outcome(timestampConverter, given, before)).toEqual(expected(before, after));
  });

  it('has a counterpart for keys', async () => {
    const before = { key: ISO, value: { at: ISO } };
    expect(await outcome(onKey, { targetType: 'unix' }, before)).toEqual(
      expected(before, { key: BigInt(MS) }),
    );
  });

  it.each<[string, string]>([
    ['', 'format: expected a pattern, as target.type is string, got none'],
    [' ', 'format: expected a pattern, as target.type is string, got none'],
    ["yyyy 'x", 'format: expected a pattern whose \' are closed, got "yyyy \'x"'],
    ...['q', 'XXXX'].map((token): [string, string] => [
      token,
      `format: expected letters of GyYMLdDwWFEuaHkKhmsSzZX (no more than three X), and other text in ', got ${token}`,
    ]),
  ])('does not take %j for a format', (format, problem) => {
    expect(problemsOf(timestampConverter, { targetType: 'string', format })).toEqual([problem]);
  });

  it.each([
    ['yyyy-DDD', 'DDD'],
    ['EEEE', 'EEEE'],
  ])('does not take %j for a format to read by', (format, letters) => {
    expect(problemsOf(timestampConverter, { targetType: 'unix', format })).toEqual([
      `format: text cannot be read by ${letters}; take it out`,
    ]);
  });
});
