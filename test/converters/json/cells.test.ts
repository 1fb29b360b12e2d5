import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileJsonCells } from '../../../src/converters/json/cells.ts';
import { jsonSchemaForm } from '../../../src/converters/json/forms.ts';
import json from '../../../src/converters/json/index.ts';
import { compileClosedRecord } from '../../../src/converters/json/record.ts';
import type { RecordSchema } from '../../../src/plugin/index.ts';
import type { CellConverter, CellPlan, CellWriter } from '../../../src/rows/index.ts';
import { testContext } from '../../../src/testing/test-context.ts';
import { cellsOf, cellValue, planOf, releaseCells, TOPIC, writtenCells } from '../cells/cells.ts';
import { randomTable } from '../cells/random-rows.ts';

/** Every way of JSON, with its two paths. */
const WAYS: readonly (readonly [
  name: string,
  make: () => Pick<CellConverter, 'serialize' | 'compileCells'>,
])[] = [
  ['json', () => jsonConverter(false, 'string')],
  ['json, decimal.format=number', () => jsonConverter(false, 'number')],
  ['json, schemas.enable', () => jsonConverter(true, 'string')],
  ['json, schemas.enable, decimal.format=number', () => jsonConverter(true, 'number')],
  ['json-schema', jsonSchemaConverter],
];

function jsonConverter(schemasEnable: boolean, decimalFormat: 'string' | 'number'): CellConverter {
  return json.create({ schemasEnable, decimalFormat }, { ...testContext(), side: 'value' });
}

function jsonSchemaConverter(): Pick<CellConverter, 'serialize' | 'compileCells'> {
  const head = Buffer.from([0, 0, 0, 0, 7]);
  return {
    serialize: (_topic, schema, value) =>
      Buffer.concat([head, Buffer.from(compileClosedRecord(schema as RecordSchema, jsonSchemaForm)(value))]),
    compileCells: (plan: CellPlan) =>
      compileJsonCells(plan, { formOf: jsonSchemaForm, head, tail: '', isClosed: true }),
  };
}

function textOf(
  converter: Pick<CellConverter, 'serialize'>,
  schema: RecordSchema,
  value: unknown,
): string | null {
  try {
    const bytes = converter.serialize(TOPIC, schema, value);
    return bytes === null ? null : Buffer.from(bytes as string).toString('latin1');
  } catch {
    return null;
  }
}

describe.each(WAYS)('%s from cells', (_name, make) => {
  it('is byte for byte what the record gives, and never taken where the record is refused', () => {
    let taken = 0;
    fc.assert(
      fc.property(randomTable, ({ schema, cases, rows }) => {
        const converter = make();
        const writer = converter.compileCells?.(planOf(schema, cases)) as CellWriter;
        const cells = cellsOf(rows);
        const width = schema.fields.length;
        rows.forEach((row, index) => {
          const written = writtenCells(writer, cells, 2 * width * index, width);
          if (written === null) return;
          taken++;
          const values = schema.fields.map((field, i) => [
            field.name,
            cellValue(field, row[i] as string, cases[i]),
          ]);
          expect(written.toString('latin1')).toBe(textOf(converter, schema, Object.fromEntries(values)));
        });
        releaseCells(cells);
      }),
      { numRuns: 500 },
    );
    expect(taken).toBeGreaterThan(200);
  });
});
