import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellDays, cellFraction, cellSeconds } from '../../src/rows/cell-time.ts';

const instants = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});

test('seconds and fraction are those of the same text read as a Date', () => {
  fc.assert(
    fc.property(instants, fc.nat(20), (instant, at) => {
      const text = instant.toISOString();
      const bytes = Buffer.from('x'.repeat(at) + text);
      const ms = 1000 * cellSeconds(bytes, at) + cellFraction(bytes, at, bytes.length, 3);
      expect(ms).toBe(instant.getTime());
    }),
  );
});

test('days are those of the same text read as a Date', () => {
  fc.assert(
    fc.property(instants, (instant) => {
      const date = instant.toISOString().slice(0, 10);
      expect(cellDays(Buffer.from(date), 0)).toBe(Date.parse(date) / 86_400_000);
    }),
  );
});

test.each([
  ['2026-01-31T09:30:00Z', 3, 0],
  ['2026-01-31T09:30:00.5Z', 3, 500],
  ['2026-01-31T09:30:00.123456Z', 3, 123],
  ['2026-01-31T09:30:00.123456Z', 6, 123_456],
  ['2026-01-31T09:30:00.000001Z', 6, 1],
  ['2026-01-31T09:30:00.123456789Z', 9, 123_456_789],
])('the fraction of %s to %i digits is %i', (text, digits, fraction) => {
  const bytes = Buffer.from(text);
  expect(cellFraction(bytes, 0, bytes.length, digits)).toBe(fraction);
});
