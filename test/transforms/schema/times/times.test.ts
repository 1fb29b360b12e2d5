import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeZone } from '../../../../src/values/time-zone.ts';
import schema from '../../../../transforms/schema/index.ts';
import { problemsOf } from '../../support.ts';
import { readOne } from '../support.ts';

const readTime = (format: string, cell: string) => readOne({ x: 'timestamp', 'x.format': format }, cell);
const readIn = (zone: string, cell: string) => readOne({ x: 'timestamp', 'x.zone': zone }, cell);

describe('a timestamp is read by its format', () => {
  it.each<[string, string, string]>([
    ['epoch_s', '1768037400', '2026-01-10T09:30:00Z'],
    ['epoch_s', '1706693400.123456', '2024-01-31T09:30:00.123456Z'],
    ['epoch_s', '-1.5', '1969-12-31T23:59:58.5Z'],
    ['epoch_s', '-0.000000001', '1969-12-31T23:59:59.999999999Z'],
    ['epoch_ms', '1768037400123', '2026-01-10T09:30:00.123Z'],
    ['epoch_ms', '1768037400123.5', '2026-01-10T09:30:00.1235Z'],
    ['epoch_us', '1768037400123456', '2026-01-10T09:30:00.123456Z'],
    ['epoch_ns', '-1', '1969-12-31T23:59:59.999999999Z'],
    ['rfc3339', '2026-01-10T09:30:00.5+10:30', '2026-01-10T09:30:00.5+10:30'],
    ['ISO_DATE_TIME', '2026-01-10T09:30:00', '2026-01-10T09:30:00'],
    ['rfc1123', 'Sat, 10 Jan 2026 09:30:00 GMT', '2026-01-10T09:30:00Z'],
    ['http', 'Sat, 10 Jan 2026 09:30:00 GMT', '2026-01-10T09:30:00Z'],
    ['RFC_1123_DATE_TIME', '3 Jun 2008 11:05 +0930', '2008-06-03T11:05:00+09:30'],
    ['BASIC_ISO_DATE', '20260110', '2026-01-10T00:00:00'],
    ['dd/MM/yyyy HH:mm:ss.SSS', '31/01/2026 09:30:00.250', '2026-01-31T09:30:00.250'],
    ["yyyyMMdd'T'HHmm", '20260131T0930', '2026-01-31T09:30:00'],
    ['d/M/yyyy H:mm', '1/2/2026 9:30', '2026-02-01T09:30:00'],
    ['d/M/yyyy H:mm', '01/12/2026 19:30', '2026-12-01T19:30:00'],
    ['dd-MMM-yyyy', '31-JAN-2026', '2026-01-31T00:00:00'],
    ['yyyyMMdd-HH:mm:ssXXX', '20260131-09:30:00+10:30', '2026-01-31T09:30:00+10:30'],
    ['yyyyMMdd-HH:mm:ssXXX', '20260131-09:30:00Z', '2026-01-31T09:30:00Z'],
    ['yyyy-MM-dd HH:mm:ssXX', '2026-01-31 09:30:00-0500', '2026-01-31T09:30:00-05:00'],
    ['yyyy-MM-dd HH:mm:ssX', '2026-01-31 09:30:00+10', '2026-01-31T09:30:00+10:00'],
    ['yyyy-MM-dd HH:mm:ss Z', '2026-01-31 09:30:00 +0000', '2026-01-31T09:30:00+00:00'],
  ])('%s %j → %s', async (format, cell, expected) => {
    expect(await readTime(format, cell)).toBe(expected);
  });

  it.each<[string, string]>([
    ['epoch_s', '99999999999999999'],
    ['epoch_s', '1.0000000000'],
    ['epoch_s', '1.'],
    ['epoch_s', '1e9'],
    ['epoch_ns', '1.5'],
    ['rfc1123', 'Sun, 10 Jan 2026 09:30:00 GMT'],
    ['rfc1123', 'Sat, 10 Jän 2026 09:30:00 GMT'],
    ['rfc1123', 'Sat, 32 Jan 2026 09:30:00 GMT'],
    ['rfc1123', 'Sat, 10 Foo 2026 09:30:00 GMT'],
    ['dd/MM/yyyy', '30/02/2026'],
    ['dd-MMM-yyyy', '31-FOO-2026'],
    ['d/M/yyyy', '001/2/2026'],
    ['yyyyMMdd-HH:mm:ssXXX', '20260131-09:30:00'],
    ['yyyyMMdd-HH:mm:ssXXX', '20260131-09:30:00+1030'],
    ['yyyyMMdd-HH:mm:ssXXX', '20260131-09:30:00+19:30'],
  ])('but not %s %j', async (format, cell) => {
    expect(await readTime(format, cell)).toMatch(/^InvalidFields x: expected a timestamp \(/);
  });

  it('and so is a date', async () => {
    expect(await readOne({ x: 'date', 'x.format': 'MM.dd.yyyy' }, '01.31.2026')).toBe('2026-01-31');
    expect(await readOne({ x: 'date', 'x.format': 'basic_iso_date' }, '20260131')).toBe('2026-01-31');
    expect(await readOne({ x: 'date', 'x.format': 'dd/MM/yyyy' }, '2026-01-31')).toContain('expected a date');
  });
});

describe('a time without a zone becomes UTC by the clocks of zone', () => {
  it.each<[string, string, string, string]>([
    ['in summer', 'Australia/Sydney', '2026-01-31T09:30:00', '2026-01-30T22:30:00Z'],
    ['in winter', 'Australia/Sydney', '2026-07-01 09:30:00.123456789', '2026-06-30T23:30:00.123456789Z'],
    ['before clocks go back', 'Australia/Sydney', '2026-04-05T01:59:59', '2026-04-04T14:59:59Z'],
    ['the first time of two', 'Australia/Sydney', '2026-04-05T02:30:00', '2026-04-04T15:30:00Z'],
    ['after clocks went back', 'Australia/Sydney', '2026-04-05T03:00:00', '2026-04-04T17:00:00Z'],
    ['before clocks go forward', 'Australia/Sydney', '2026-10-04T01:59:59', '2026-10-03T15:59:59Z'],
    ['after clocks went forward', 'Australia/Sydney', '2026-10-04T03:00:00', '2026-10-03T16:00:00Z'],
    ['by half an hour', 'Australia/Lord_Howe', '2026-04-05T01:45:00', '2026-04-04T14:45:00Z'],
    ['around a day left out', 'Pacific/Apia', '2011-12-31T00:00:00', '2011-12-30T10:00:00Z'],
    ['by the sun', 'Australia/Sydney', '1890-01-01T00:00:00', '1889-12-31T13:55:08Z'],
    ['of an offset', '+10:30', '2026-01-31T09:30:00', '2026-01-30T23:00:00Z'],
  ])('%s (%s)', async (_, zone, cell, expected) => {
    expect(await readIn(zone, cell)).toBe(expected);
  });

  it('unless it names one', async () => {
    expect(await readIn('Australia/Sydney', '2026-01-31T09:30:00Z')).toBe('2026-01-31T09:30:00Z');
    expect(await readIn('Australia/Sydney', '2026-01-31T09:30:00.5-05:00')).toBe(
      '2026-01-31T09:30:00.5-05:00',
    );
  });

  it('by a pattern as well', async () => {
    const fields = { x: 'timestamp', 'x.format': 'dd/MM/yyyy HH:mm', 'x.zone': 'Australia/Sydney' };
    expect(await readOne(fields, '31/01/2026 09:30')).toBe('2026-01-30T22:30:00Z');
  });

  it.each([
    ['Australia/Sydney', '2026-10-04T02:00:00'],
    ['Australia/Sydney', '2026-10-04T02:59:59.999'],
    ['Pacific/Apia', '2011-12-30T12:00:00'],
    ['Australia/Sydney', '0001-01-01T00:00:00'],
  ])('but not one that clocks of %s leave out: %s', async (zone, cell) => {
    expect(await readIn(zone, cell)).toBe(
      `InvalidFields x: expected a timestamp (2026-01-31T09:30:00.000Z) that clocks of ${zone} show, got "${cell}"`,
    );
  });

  it.each(['Australia/Sydney', 'America/New_York', 'Europe/London', 'Asia/Kathmandu', 'Africa/Casablanca'])(
    '%s: at any second since 1900',
    (name) => {
      const zone = new TimeZone(name);
      const clock = new Intl.DateTimeFormat('sv', {
        timeZone: name,
        dateStyle: 'short',
        timeStyle: 'medium',
      });
      const shownAt = (instant: number) =>
        Date.parse(`${clock.format(instant * 1000).replace(' ', 'T')}Z`) / 1000;
      fc.assert(
        fc.property(fc.integer({ min: -2_208_988_800, max: 4_102_444_800 }), (instant) => {
          const read = zone.instantOf(shownAt(instant)) as number;
          // Where clocks show a time twice, it is the earlier one.
          expect(read).toBeLessThanOrEqual(instant);
          expect(shownAt(read)).toBe(shownAt(instant));
          expect(instant - read).toBeLessThanOrEqual(3 * 3600);
        }),
        { numRuns: 300 },
      );
    },
  );
});

it.each<[Record<string, string>, string]>([
  [
    { 'x.zone': 'Australia/Sidney' },
    'fields.x.zone: expected a time zone such as Australia/Sydney or +10:00, got "Australia/Sidney"',
  ],
  [
    { 'x.zone': 'Asia/Tokyo', 'x.format': 'epoch_s' },
    'fields.x.zone: is not for epoch_s, which counts in UTC',
  ],
  [{ 'x.unit': 'seconds' }, 'fields.x.unit: expected millis, micros or nanos, got "seconds"'],
  [
    { 'x.format': 'yyyy-MM-dd HH:mm:ssXXXX' },
    'fields.x.format: expected iso, rfc1123, epoch, epoch_s, epoch_ms, epoch_us, epoch_ns, number, number_ms, number_us, number_ns, excel, excel_1904 or a pattern of yyyy, yy, MM, MMM, MMMM, dd, EEE, EEEE, HH, hh, a, mm, ss, S, X, Z, z and VV, got "yyyy-MM-dd HH:mm:ssXXXX"',
  ],
])('A timestamp with %j has a problem', (settings, problem) => {
  expect(problemsOf(schema, { fields: { x: 'timestamp', ...settings } })).toEqual([problem]);
});
