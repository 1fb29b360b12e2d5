import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import schema from '../../../../transforms/schema/index.ts';
import { pluginContext, problemsOf, recordOf } from '../../support.ts';
import { type Fields, read, readOne } from '../support.ts';

const fieldOf = (type: string, settings: Fields): Fields => ({
  x: type,
  ...Object.fromEntries(Object.entries(settings).map(([setting, text]) => [`x.${setting}`, text])),
});
const readBy = (format: string, cell: string, type = 'timestamp') => readOne(fieldOf(type, { format }), cell);

describe('a pattern', () => {
  it.each<[string, string, string]>([
    ['dd/MM/yyyy hh:mm a', '31/01/2026 09:30 PM', '2026-01-31T21:30:00'],
    ['d/M/yy h:mm:ss a', '1/2/26 12:00:00 am', '2026-02-01T00:00:00'],
    ['d/M/yy h:mm:ssa', '1/2/26 12:00:00p.m.', '2026-02-01T12:00:00'],
    ['EEE MMM dd HH:mm:ss z yyyy', 'Sat Jan 31 09:30:00 UTC 2026', '2026-01-31T09:30:00Z'],
    ['EEEE, d MMMM yyyy', 'saturday, 31 january 2026', '2026-01-31T00:00:00'],
    ['dd.MM.yyyy HH:mm[:ss[.SSS]]', '31.01.2026 09:30', '2026-01-31T09:30:00'],
    ['dd.MM.yyyy HH:mm[:ss[.SSS]]', '31.01.2026 09:30:15', '2026-01-31T09:30:15'],
    ['dd.MM.yyyy HH:mm[:ss[.SSS]]', '31.01.2026 09:30:15.250', '2026-01-31T09:30:15.250'],
    ['yyyy-MM-dd HH:mm:ss[.SSSSSS][.SSS]', '2026-01-31 09:30:00.250', '2026-01-31T09:30:00.250'],
    ['yyyy-MM-dd HH:mm:ss[.SSSSSS][.SSS]', '2026-01-31 09:30:00.123456', '2026-01-31T09:30:00.123456'],
    ['yyyy-MM-dd HH:mm:ss.SSSSSSSSS', '2026-01-31 09:30:00.123456789', '2026-01-31T09:30:00.123456789'],
    ['yyyy-MM-dd HH:mm[ XXX]', '2026-01-31 09:30 +10:30', '2026-01-31T09:30:00+10:30'],
    ['yyyy-MM-dd HH:mm z', '2026-01-31 09:30 EST', '2026-01-31T09:30:00-05:00'],
    ['yyyy-MM-dd HH:mm VV', '2026-07-31 09:30 Europe/Berlin', '2026-07-31T07:30:00Z'],
    ["yyyy-MM-dd'|'HH:mm", '2026-01-31|09:30', '2026-01-31T09:30:00'],
    ['iso | dd/MM/yyyy HH:mm', '31/01/2026 09:30', '2026-01-31T09:30:00'],
    ['iso | dd/MM/yyyy HH:mm', '2026-01-31T09:30:00Z', '2026-01-31T09:30:00Z'],
    ['yyyyMMdd|dd/MM/yy|epoch_ms', '1768037400123', '2026-01-10T09:30:00.123Z'],
  ])('%s reads %j: %s', async (format, cell, expected) => {
    expect(await readBy(format, cell)).toBe(expected);
  });

  it.each<[string, string]>([
    ['dd/MM/yyyy hh:mm a', '31/01/2026 13:30 PM'],
    ['dd/MM/yyyy hh:mm a', '31/01/2026 00:30 AM'],
    ['dd/MM/yyyy hh:mm a', '31/01/2026 09:30 XM'],
    ['EEE dd/MM/yyyy', 'Sun 31/01/2026'],
    ['EEE dd/MM/yyyy', 'Sat 31/02/2026'],
    ['d MMMM yyyy', '31 Jan 2026'],
    ['yyyy-MM-dd HH:mm:ss[.SSS]', '2026-01-31 09:30:00.1234'],
    ['yyyy-MM-dd HH:mm:ss[.SSS]', '2026-01-31 09:30:00.'],
    ['yyyy-MM-dd HH:mm z', '2026-01-31 09:30 IST'],
    ['yyyy-MM-dd HH:mm VV', '2026-07-31 09:30 Europe/Berlln'],
    ['yyyy-MM-dd HH:mm VV', '2026-03-29 02:30 Europe/Berlin'],
    ['iso | dd/MM/yyyy', '01/31/2026'],
  ])('%s does not read %j', async (format, cell) => {
    expect(await readBy(format, cell)).toMatch(/^InvalidFields x: expected a timestamp \(/);
  });

  it.each([
    'dd/MM/yyyy hh:mm',
    'dd/MM/yyyy HH:mm a',
    'dd/MM/yyyy HH:mm [hh a]',
    'dd/MM/yyyy HH:mm]',
    '[dd/MM/yyyy HH:mm',
    'dd/MM/yyyy dd',
    'MM/yyyy',
    'iso | ',
    'QQQ',
  ])('is not %s', (format) => {
    expect(problemsOf(schema, { fields: fieldOf('timestamp', { format }) })).toEqual([
      expect.stringContaining('fields.x.format: expected iso, rfc1123, epoch, epoch_s'),
    ]);
  });

  it('is tried after another, and the message names all of them', async () => {
    expect(await readBy('iso | d/M/yy', 'x')).toBe(
      'InvalidFields x: expected a timestamp (2026-01-31T09:30:00.000Z or d/M/yy), got "x"',
    );
  });
});

describe('times that are numbers', () => {
  it.each<[string, string, string, string]>([
    ['timestamp', 'epoch', '1768037400', '2026-01-10T09:30:00Z'],
    ['timestamp', 'epoch', '1768037400.5', '2026-01-10T09:30:00.5Z'],
    ['timestamp', 'epoch', '1768037400123', '2026-01-10T09:30:00.123Z'],
    ['timestamp', 'epoch', '1768037400123456', '2026-01-10T09:30:00.123456Z'],
    ['timestamp', 'epoch', '1768037400123456789', '2026-01-10T09:30:00.123456789Z'],
    ['timestamp', 'epoch', '-86400', '1969-12-31T00:00:00Z'],
    ['timestamp', 'number', '20260102093000', '2026-01-02T09:30:00'],
    ['timestamp', 'number_ms', '20260102093000250', '2026-01-02T09:30:00.250'],
    ['timestamp', 'excel', '46024.395833333336', '2026-01-02T09:30:00'],
    ['timestamp', 'excel', '1', '1900-01-01T00:00:00'],
    ['timestamp', 'excel', '59', '1900-02-28T00:00:00'],
    ['timestamp', 'excel', '61', '1900-03-01T00:00:00'],
    ['timestamp', 'excel', '2958465', '9999-12-31T00:00:00'],
    ['timestamp', 'excel', '46024.0000000116', '2026-01-02T00:00:00.001'],
    ['timestamp', 'excel_1904', '0', '1904-01-01T00:00:00'],
    ['timestamp', 'excel_1904', '44562', '2026-01-02T00:00:00'],
    ['date', 'number', '20260102', '2026-01-02'],
    ['date', 'excel', '46024', '2026-01-02'],
    ['date', 'iso | excel', '46024', '2026-01-02'],
    ['date', 'dd-MMM-yy', '02-JAN-26', '2026-01-02'],
    ['time', 'number', '93000', '09:30:00'],
    ['time', 'number', '0', '00:00:00'],
    ['time', 'number', '123059', '12:30:59'],
    ['time', 'number_ms', '93000250', '09:30:00.250'],
    ['time', 'number_ns', '5', '00:00:00.000000005'],
    ['time', 'midnight_s', '34200.004241176', '09:30:00.004241176'],
    ['time', 'midnight_s', '0', '00:00:00'],
    ['time', 'midnight_ms', '34200250', '09:30:00.250'],
    ['time', 'midnight_us', '86399999999', '23:59:59.999999'],
    ['time', 'midnight_ns', '34200000000001', '09:30:00.000000001'],
    ['time', 'excel', '0.395833333333333', '09:30:00'],
    ['time', 'hh:mm a', '09:30 pm', '21:30:00'],
    ['time', 'HH:mm[:ss]|HHmm', '0930', '09:30:00'],
  ])('%s by %s: %s is %s', async (type, format, cell, expected) => {
    expect(await readBy(format, cell, type)).toBe(expected);
  });

  it.each<[string, string, string]>([
    ['timestamp', 'excel', '60'],
    ['timestamp', 'excel', '60.5'],
    ['timestamp', 'excel', '0.5'],
    ['timestamp', 'excel', '2958466'],
    ['timestamp', 'excel', '-1'],
    ['timestamp', 'excel', '4,6'],
    ['timestamp', 'number', '2026010209300'],
    ['timestamp', 'number', '20260230093000'],
    ['date', 'number', '20260230'],
    ['date', 'number', '2026012'],
    ['date', 'excel', '46024.5'],
    ['time', 'number', '936000'],
    ['time', 'number', '1093000'],
    ['time', 'number', '9:30'],
    ['time', 'midnight_s', '86400'],
    ['time', 'midnight_s', '-1'],
    ['time', 'midnight_ms', '1.0000001'],
    ['time', 'midnight_ns', '99999999999999999999'],
    ['time', 'excel', '1'],
    ['time', 'excel', '0.9999999999'],
    ['time', 'dd/MM/yyyy', '01/01/2026'],
  ])('%s by %s: %s is none', async (type, format, cell) => {
    if (format === 'dd/MM/yyyy')
      expect(problemsOf(schema, { fields: fieldOf(type, { format }) })).toHaveLength(1);
    else
      expect(await readBy(format, cell, type)).toMatch(
        /^InvalidFields x: expected a (timestamp|date|time) \(/,
      );
  });
});

it.each([
  ['timestamp', '46024,395833333336', '2026-01-02T09:30:00'],
  ['date', '46024', '2026-01-02'],
  ['time', '0,5', '12:00:00'],
])('A serial number may have a decimal comma, where the field says so: %s', async (type, cell, expected) => {
  const fields = fieldOf(type, { format: 'excel', decimal: ',' });
  expect(await readOne(fields, cell)).toBe(expected);
  expect(await readOne(fields, '0.5')).toMatch(/^InvalidFields/);
  expect(problemsOf(schema, { fields: fieldOf(type, { decimal: ',' }) })).toEqual([
    `fields.x.decimal: is for float, double and decimal, and for ${type} with format: excel`,
  ]);
});

describe('a time that clocks show twice, or not at all', () => {
  const zone = 'Europe/Berlin';
  it.each<[Fields, string, string]>([
    [{}, '2026-10-25T02:30:00', '2026-10-25T00:30:00Z'],
    [{ ambiguous: 'earliest' }, '2026-10-25T02:30:00.5', '2026-10-25T00:30:00.5Z'],
    [{ ambiguous: 'latest' }, '2026-10-25T02:30:00', '2026-10-25T01:30:00Z'],
    [{ ambiguous: 'reject' }, '2026-10-25T03:00:00', '2026-10-25T02:00:00Z'],
    [{ nonexistent: 'forward' }, '2026-03-29T02:30:00', '2026-03-29T01:30:00Z'],
    [{ nonexistent: 'backward' }, '2026-03-29T02:30:00', '2026-03-29T00:30:00Z'],
    [{ nonexistent: 'forward' }, '2026-03-29T03:00:00', '2026-03-29T01:00:00Z'],
  ])('is by %j: %s → %s', async (settings, cell, expected) => {
    expect(await readOne(fieldOf('timestamp', { zone, ...settings }), cell)).toBe(expected);
  });

  it('is rejected where it says so', async () => {
    const twice = fieldOf('timestamp', { zone, ambiguous: 'reject' });
    expect(await readOne(twice, '2026-10-25T02:30:00')).toBe(
      'InvalidFields x: expected a timestamp (2026-01-31T09:30:00.000Z) that clocks of Europe/Berlin show once, got "2026-10-25T02:30:00"',
    );
  });

  it('is by the choices for all fields, and in a zone that the text names', async () => {
    const field = fieldOf('timestamp', { format: 'yyyy-MM-dd HH:mm VV' });
    const cell = { x: '2026-10-25 02:30 Europe/Berlin' };
    expect(await read(field, cell, { ambiguous: 'latest', zone: 'Asia/Tokyo' })).toEqual({
      x: '2026-10-25T01:30:00Z',
    });
  });
});

it('What was found or chosen of times is told once for each field', async () => {
  const lines: unknown[] = [];
  const log = { ...pluginContext.log, info: (...line: unknown[]) => void lines.push(line) };
  const fields = {
    x: 'timestamp',
    'x.format': 'epoch | iso',
    'x.zone': 'Europe/Berlin',
    'x.nonexistent': 'forward',
  };
  const defaults = Object.entries(schema.config).map(([name, { default: value }]) => [name, value]);
  const values = { ...Object.fromEntries(defaults), fields };
  const transformation = await schema.create(values, { ...pluginContext, log });
  const cells = [
    '1768037400123',
    '1768037400124',
    '2026-10-25T02:30:00',
    '2026-03-29T02:30:00',
    '2026-03-29T02:31:00',
  ];
  for (const x of cells) transformation.apply(recordOf({ x }));
  expect(lines).toEqual([
    ['counts since 1970 are in a unit that their size tells', { field: 'x', unit: 'epoch_ms' }],
    [
      'times that clocks show twice are taken for one of the two',
      { field: 'x', zone: 'Europe/Berlin', taken: 'earliest' },
    ],
    ['times that clocks leave out are moved', { field: 'x', zone: 'Europe/Berlin', taken: 'forward' }],
  ]);
});

describe('a field is made of several cells', () => {
  const row = { date: '02/01/2026', time: '93000', ms: '5', tz: 'Europe/Berlin', none: '' };
  it.each<[string, string, Fields, unknown]>([
    ['timestamp', '{date} {time:06}', { format: 'dd/MM/yyyy HHmmss' }, '2026-01-02T09:30:00'],
    [
      'timestamp',
      '{date} {time:06}.{ms:03} {tz}',
      { format: 'dd/MM/yyyy HHmmss.SSS VV' },
      '2026-01-02T08:30:00.005Z',
    ],
    [
      'timestamp',
      '{date} {time:06}[.{none:03}]',
      { format: 'dd/MM/yyyy HHmmss[.SSS]', zone: 'Australia/Sydney' },
      '2026-01-01T22:30:00Z',
    ],
    ['string', '{{{tz}}} [[{ms}]]', {}, '{Europe/Berlin} [5]'],
    ['string', '{none}[-{none}]', { optional: 'true' }, null],
    ['long', '{time}{ms}', {}, 930005n],
  ])('%s of %s by %j: %s', async (type, from, settings, expected) => {
    const fields = fieldOf(type, { from, ...settings });
    expect(problemsOf(schema, { fields })).toEqual([]);
    expect(await read(fields, row)).toEqual({ x: expected });
  });

  it('and is told as the text that they make', async () => {
    const fields = fieldOf('timestamp', { from: '{date} {time:06}', format: 'dd/MM/yyyy HHmmss' });
    expect(await read(fields, { ...row, time: '' })).toContain('(dd/MM/yyyy HHmmss), got "02/01/2026 "');
    expect(await read(fields, { date: '', time: '' })).toBe('MissingFields Missing required fields: [x]');
    expect(await read(fields, { date: 'NULL', time: 'NULL' }, { nullValues: ['NULL'] })).toBe(
      'MissingFields Missing required fields: [x]',
    );
  });

  it.each([
    ['day', 'expected columns in braces, such as {date} {time}, got "day"'],
    ['{date', 'a brace is not closed in "{date"'],
    ['{a}[{b}', 'a bracket is not closed, or within another, in "{a}[{b}"'],
    ['{a}]', 'a bracket is not closed, or within another, in "{a}]"'],
    ['{a}[x[{b}]]', 'a bracket is not closed, or within another, in "{a}[x[{b}]]"'],
  ])('not of %s', (from, problem) => {
    expect(problemsOf(schema, { fields: fieldOf('string', { from }) })).toEqual([
      `fields.x.from: ${problem}`,
    ]);
  });
});

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** The text of a time by a pattern's letters. */
function written(pattern: string, at: Date, nanos: string): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const hour = at.getUTCHours();
  return pattern.replace(/yyyy|yy|MMMM|MMM|MM|M|dd|d|EEEE|EEE|HH|H|hh|h|mm|ss|S+|a|[[\]]/g, (letters) => {
    const month = MONTHS[at.getUTCMonth()] as string;
    const day = DAYS[at.getUTCDay()] as string;
    switch (letters) {
      case 'yyyy':
        return String(at.getUTCFullYear());
      case 'yy':
        return two(at.getUTCFullYear() % 100);
      case 'MMMM':
        return month;
      case 'MMM':
        return month.slice(0, 3).toUpperCase();
      case 'MM':
        return two(at.getUTCMonth() + 1);
      case 'M':
        return String(at.getUTCMonth() + 1);
      case 'dd':
        return two(at.getUTCDate());
      case 'd':
        return String(at.getUTCDate());
      case 'EEEE':
        return day;
      case 'EEE':
        return day.slice(0, 3);
      case 'HH':
        return two(hour);
      case 'H':
        return String(hour);
      case 'hh':
        return two(hour % 12 || 12);
      case 'h':
        return String(hour % 12 || 12);
      case 'mm':
        return two(at.getUTCMinutes());
      case 'ss':
        return two(at.getUTCSeconds());
      case 'a':
        return hour < 12 ? 'AM' : 'PM';
      default:
        return letters.startsWith('S') ? nanos.slice(0, letters.length) : '';
    }
  });
}

it('Times that are written by any pattern are read again as they were', async () => {
  const day = fc.constantFrom(
    'dd/MM/yyyy',
    'M/d/yy',
    'EEE, d MMM yyyy',
    'MMMM d yyyy',
    'yyyyMMdd',
    'EEEE dd.MM.yyyy',
  );
  const clock = fc.constantFrom('HH:mm:ss', 'H:mm:ss', 'hh:mm:ss a', 'h:mm:ssa', 'HHmmss', 'HH:mm[:ss]');
  const fraction = fc.constantFrom('', '.SSS', '.SSSSSS', '.SSSSSSSSS', '[.SSS]');
  const seconds = fc.integer({ min: Date.UTC(2000, 0) / 1000, max: Date.UTC(2099, 11, 31) / 1000 });
  const nanos = fc.nat(999_999_999).map((number) => String(number).padStart(9, '0'));
  await fc.assert(
    fc.asyncProperty(day, clock, fraction, seconds, nanos, async (days, clocks, digits, second, nano) => {
      // Behind the half of the day no fraction stands.
      const pattern = `${days} ${clocks}${clocks.endsWith('a') ? '' : digits}`;
      const count = pattern.split('S').length - 1;
      const at = new Date(second * 1000);
      const expected = at.toISOString().slice(0, 19) + (count === 0 ? '' : `.${nano.slice(0, count)}`);
      expect(await readBy(pattern, written(pattern, at, nano))).toBe(expected);
    }),
    { numRuns: 1000 },
  );
});

it('Counts since 1970 are read again as they were, by their unit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(['epoch_s', 1n], ['epoch_ms', 1000n], ['epoch_us', 10n ** 6n], ['epoch_ns', 10n ** 9n]),
      fc.bigInt({ min: 10n ** 9n, max: 9n * 10n ** 9n }),
      fc.boolean(),
      async ([format, unit], seconds, bySize) => {
        const count = seconds * (unit as bigint) + ((unit as bigint) - 1n);
        const read = (await readBy(bySize ? 'epoch' : (format as string), String(count))) as string;
        const [, whole, fraction = ''] = /^(.{19})(?:\.(\d+))?Z$/.exec(read) as RegExpExecArray;
        expect(Date.parse(`${whole}Z`) / 1000).toBe(Number(seconds));
        expect(fraction).toBe('9'.repeat(String(unit).length - 1));
      },
    ),
    { numRuns: 500 },
  );
});

it('Serial numbers of Excel are read again as they were', async () => {
  const ms = fc.integer({ min: Date.UTC(1900, 2, 1), max: Date.UTC(2200, 0) });
  await fc.assert(
    fc.asyncProperty(ms, async (at) => {
      const serial = (at - Date.UTC(1899, 11, 30)) / 86_400_000;
      const read = (await readBy('excel', String(serial))) as string;
      expect(Date.parse(`${read}Z`)).toBe(at);
    }),
    { numRuns: 1000 },
  );
});
