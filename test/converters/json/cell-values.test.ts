import { describe, expect, it } from 'vitest';
import { compileJsonCells, type JsonCellOptions } from '../../../src/converters/json/cells.ts';
import { connectForm, type FormOf, ownForm } from '../../../src/converters/json/forms.ts';
import type { FieldSchema } from '../../../src/plugin/index.ts';
import type { CellField, CellPlan, CellWriter } from '../../../src/rows/index.ts';
import { cellsOf, planOf, releaseCells, writtenCells } from '../cells/cells.ts';

const OWN = { formOf: ownForm(false), head: Buffer.alloc(0), tail: '', isClosed: false };

function writtenRow(
  plan: CellPlan,
  row: readonly string[],
  options: Partial<JsonCellOptions> = {},
): string | null {
  const writer = compileJsonCells(plan, { ...OWN, ...options }) as CellWriter;
  const cells = cellsOf([row]);
  const written = writtenCells(writer, cells, 0, row.length);
  releaseCells(cells);
  return written?.toString() ?? null;
}

/** A cell as the value of a field; null when it is not written. */
function written(
  type: Omit<FieldSchema, 'name' | 'optional'>,
  cell: string,
  { formOf = OWN.formOf, toCase = null }: { formOf?: FormOf; toCase?: CellField['case'] } = {},
): string | null {
  const schema = { name: 'Trade', fields: [{ name: 'v', optional: false, ...type }] };
  return writtenRow(planOf(schema, [toCase]), [cell], { formOf })?.slice('{"v":'.length, -1) ?? null;
}

describe('a cell in JSON', () => {
  it('is escaped as JSON.stringify does it, wherever in a text the character stands', () => {
    const characters = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
    for (const character of [...characters, '\u2028', '\ufffd', '\ud83d\ude00']) {
      for (const before of [0, 1, 7, 14, 15, 16, 17, 31, 40]) {
        for (const behind of [0, 3, 16]) {
          const text = 'a'.repeat(before) + character + 'b'.repeat(behind);
          expect(written({ type: 'string' }, text)).toBe(JSON.stringify(text));
        }
      }
    }
  });

  it('has room when every byte is escaped', () => {
    const text = '\u0001'.repeat(300);
    expect(written({ type: 'string' }, text)).toBe(JSON.stringify(text));
  });

  it('has its ASCII letters in the other case, and nothing else', () => {
    const text = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).join('');
    for (const toCase of ['lower', 'upper'] as const) {
      const expected = toCase === 'lower' ? text.toLowerCase() : text.toUpperCase();
      expect(written({ type: 'string' }, text, { toCase })).toBe(JSON.stringify(expected));
    }
  });

  it('is a number without zeros before it where decimals are bare', () => {
    const cells = ['0', '-0', '007', '-00.5', '0.50', '00', '12345678901234567890.5'];
    const numbers = cells.map((cell) => written({ type: 'decimal' }, cell, { formOf: ownForm(true) }));
    expect(numbers).toEqual(['0', '-0', '7', '-0.5', '0.50', '0', '12345678901234567890.5']);
  });

  it("is a count of days, or of a unit, under Connect's schema", () => {
    const formOf = connectForm(false);
    const days = ['1970-01-01', '1969-12-31', '0001-01-01', '9999-12-31', '2026-01-05'];
    expect(days.map((day) => Number(written({ type: 'date' }, day, { formOf })))).toEqual(
      days.map((day) => Date.parse(day) / 86_400_000),
    );
    const counts = ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.001Z', '2199-12-31T23:59:59.123456789Z'].map(
      (time) => written({ type: 'timestamp', unit: 'nanos' }, time, { formOf }),
    );
    expect(counts).toEqual(['0', '1000000', '7258118399123456789']);
  });

  it('is left to the record where it is empty and a schema that goes with it wants a value', () => {
    const schema = { name: 'Trade', fields: [{ name: 'v', type: 'string', optional: false } as const] };
    expect(writtenRow(planOf(schema), [''], { isClosed: true })).toBeNull();
    expect(writtenRow(planOf(schema), [''])).toBe('{"v":null}');
  });

  it('has room twice where two fields are made of it', () => {
    const field = { column: 0, type: 'decimal', empty: null, case: null } as const;
    const fields = ['first', 'second', 'third'].map((name) => ({ name, ...field }));
    const digits = '1'.repeat(500);
    const plan = { ...planOf({ name: 'Trade', fields: [] }), width: 1, valueSchema: null, fields };
    expect(writtenRow(plan, [digits])).toBe(`{"first":"${digits}","second":"${digits}","third":"${digits}"}`);
  });

  it('is part of an object without fields where there are none', () => {
    expect(writtenRow({ ...planOf({ name: 'Trade', fields: [] }), width: 1 }, ['x'])).toBe('{}');
  });
});
