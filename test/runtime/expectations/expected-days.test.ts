import { describe, expect, test } from 'vitest';
import { parseDays, parseTimeOfDay, type TimeOfDay } from '../../../src/config/define/hand-over.ts';
import { ExpectedDays } from '../../../src/runtime/expectations/expected-days.ts';

function daysOf(by: string, ...days: readonly string[]): ExpectedDays {
  const [time, weekdays] = [parseTimeOfDay(by), parseDays(days)];
  return new ExpectedDays({ time: time as TimeOfDay, days: weekdays as readonly number[] });
}

const iso = (ms: number) => new Date(ms).toISOString();
const at = (text: string) => Date.parse(text);

describe('the days on which files are expected', () => {
  test('are those of the zone, whatever the machine’s is', () => {
    const day = daysOf('18:00 Australia/Sydney').from(at('2026-01-09T20:00:00Z'));
    expect(day.day).toBe('2026-01-10');
    expect([day.beginMs, day.byMs, day.endMs].map(iso)).toEqual([
      '2026-01-09T13:00:00.000Z',
      '2026-01-10T07:00:00.000Z',
      '2026-01-10T13:00:00.000Z',
    ]);
  });

  test('leave out those that are not named: from Friday to Monday', () => {
    const days = daysOf('18:00 UTC', 'Mon-Fri');
    const friday = days.from(at('2026-01-09T17:59:59Z'));
    expect(friday.day).toBe('2026-01-09');
    expect(iso(friday.endMs)).toBe('2026-01-12T00:00:00.000Z');
    expect(days.from(friday.byMs).day).toBe('2026-01-12');
    expect(days.after('2026-01-09').day).toBe('2026-01-12');
    expect(daysOf('18:00 UTC', 'Mon', 'Wed').after('2026-01-12').day).toBe('2026-01-14');
    expect(daysOf('18:00 UTC', 'Sat-Mon').after('2026-01-09').day).toBe('2026-01-10');
  });

  test('have a time that clocks leave out when they go forward, and of two that they show the first', () => {
    const berlin = daysOf('02:30 Europe/Berlin');
    expect(iso(berlin.at('2026-03-28').byMs)).toBe('2026-03-28T01:30:00.000Z');
    expect(iso(berlin.at('2026-03-29').byMs)).toBe('2026-03-29T01:00:00.000Z');
    expect(iso(berlin.at('2026-10-25').byMs)).toBe('2026-10-25T00:30:00.000Z');
    // Where clocks go forward at midnight, the day begins when they do.
    const beirut = daysOf('12:00 Asia/Beirut').at('2026-03-29');
    expect(iso(beirut.beginMs)).toBe('2026-03-28T22:00:00.000Z');
  });
});

describe('mistakes', () => {
  test.each([
    ['18:00', 'a time and its zone'],
    ['6pm UTC', 'a time and its zone'],
    ['24:00 UTC', 'a time and its zone'],
    ['18:00 Sydney', 'a time zone such as'],
    ['18:00 UTC UTC', 'a time and its zone'],
  ])('in a time: %s', (text, expected) => expect(parseTimeOfDay(text)).toContain(expected));

  test.each([['Monday'], ['Mon-Fri-Sat'], ['mon'], ['Mon-'], ['1-5'], ['-']])('in days: %s', (text) =>
    expect(parseDays([text])).toBe(text),
  );
});
