import { describe, expect, it } from 'vitest';
import type { FieldType, FieldValue } from '../../src/plugin/index.ts';
import type { CellPlan } from '../../src/rows/index.ts';
import { cellTextOf, planField } from '../../src/rows/plan-fields.ts';

const PLAN: CellPlan = {
  width: 2,
  valueSchema: {
    name: 'Trade',
    fields: [{ name: 'side', type: 'enum', optional: false, symbols: ['BUY', 'SELL'] }],
  },
  fields: [],
  topic: null,
  partition: null,
  key: null,
  timestamp: null,
};

function textOf(type: FieldType, value: unknown, empty: FieldValue = null, letters: 'upper' | null = null) {
  return cellTextOf(planField({ name: 'side', column: 0, type, empty, case: letters }, PLAN), value);
}

const half = 'x\ud800';

describe('a value', () => {
  it.each<[FieldType, FieldValue, string]>([
    ['string', 'é "x"', 'é "x"'],
    ['enum', 'SELL', 'SELL'],
    ['int', -7, '-7'],
    ['int', 2 ** 31 - 1, '2147483647'],
    ['long', -(2n ** 63n), '-9223372036854775808'],
    ['double', 0.1 + 0.2, '0.30000000000000004'],
    ['double', 0.000001, '0.000001'],
    ['double', 1e20, '100000000000000000000'],
    ['float', -12.5, '-12.5'],
    ['boolean', false, 'false'],
  ])('of type %s, %s, stands in a cell as %s', (type, value, text) => {
    expect(textOf(type, value)).toBe(text);
  });

  it.each<[FieldType, unknown]>([
    ['string', 7],
    ['string', ''],
    ['string', half],
    ['string', undefined],
    ['enum', 'HOLD'],
    ['int', 1.5],
    ['int', -0],
    ['int', 2 ** 31],
    ['int', 7n],
    ['long', 7],
    ['long', 2n ** 63n],
    ['double', -0],
    ['double', 1e-7],
    ['double', 1e21],
    ['double', Number.NaN],
    ['double', Number.POSITIVE_INFINITY],
    ['double', '1.5'],
    ['boolean', 'true'],
    ['decimal', '1.50'],
    ['timestamp', '2026-01-31T09:30:00Z'],
    ['date', '2026-01-31'],
  ])('of type %s, %s, has no cell', (type, value) => {
    expect(textOf(type, value)).toBeNull();
  });

  it('that an empty cell stands for is one, whatever its type', () => {
    expect(textOf('string', '', '')).toBe('');
    expect(textOf('timestamp', null)).toBe('');
    expect(textOf('double', 0, 0)).toBe('');
    expect(textOf('double', null, 0)).toBeNull();
    expect(textOf('double', -0, 0)).toBeNull();
  });

  it('in other letters than its field is written in has no cell, nor has one beyond ASCII there', () => {
    expect(textOf('string', 'BUY', null, 'upper')).toBe('BUY');
    expect(textOf('string', 'Buy', null, 'upper')).toBeNull();
    expect(textOf('string', 'É', null, 'upper')).toBeNull();
  });
});

it('a cell of which more than one field is made, or the key, or the time, is not its own', () => {
  const side = { name: 'side', column: 1, type: 'string', empty: null, case: null } as const;
  const twice = [side, { ...side, name: 'same' }];
  const owns = (plan: Partial<CellPlan>) => planField(side, { ...PLAN, fields: [side], ...plan }).ownsCell;
  expect([owns({}), owns({ fields: twice }), owns({ key: side }), owns({ timestamp: side })]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
