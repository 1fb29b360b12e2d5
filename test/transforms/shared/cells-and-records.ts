import fc from 'fast-check';
import { expect } from 'vitest';
import type { ConfigDefinition, TransformationPlugin } from '../../../src/plugin/index.ts';
import type { RowBatch } from '../../../src/rows/index.ts';
import csv from '../../../transforms/csv/index.ts';
import schema from '../../../transforms/schema/index.ts';
import { fakeFile, makeParser, makeTransformation, pushAll } from '../support.ts';
import { stageOf } from './stages.ts';

const FIELDS = { a: 'string', b: 'decimal', c: 'enum', 'c.symbols': 'x,y', 'c.case': 'lower', d: 'string' };
const OPTIONAL = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`${name}.optional`, 'true']));

const text = fc.constantFrom('', 'p', 'é/q', '/', 'p/q', 'p/q/r', 'p//', '"p,""q"');
const row = fc.tuple(text, fc.constantFrom('', '1', '1.50', '-2'), fc.constantFrom('x', 'Y', ''), text);

type Options = Readonly<Record<string, unknown>>;

/** What rows become, as records, and why others are rejected. */
async function outcome<D extends ConfigDefinition>(
  plugin: TransformationPlugin<D>,
  options: Options,
  lines: string,
  isTyped: boolean,
  asRecords: boolean,
) {
  const [batch] = pushAll(makeParser(csv).open(fakeFile()), [Buffer.from(`a,b,c,d\n${lines}`)]) as [RowBatch];
  if (isTyped)
    await stageOf(await makeTransformation(schema, { fields: { ...FIELDS, ...OPTIONAL } })).run(batch);
  const rows = Array.from({ length: batch.rowCount }, (_, index) => index);
  if (asRecords) for (const index of rows) if (batch.isLive(index)) batch.record(index);
  await stageOf(await makeTransformation(plugin, options)).run(batch);
  return rows.map((index) => {
    const rejection = batch.rejections.get(index);
    if (rejection !== undefined) return rejection.message;
    const { value, valueSchema } = batch.record(index) ?? {};
    // Without a schema an empty cell is text of no characters; what is added there is null.
    const fields = Object.entries(value as object).map(([name, field]) => [name, field ?? '']);
    return { fields, schema: valueSchema?.fields.map(({ name, type }) => `${name} ${type}`) };
  });
}

/** A transformation does to cells what it does to records. */
export async function expectCellsAsRecords<D extends ConfigDefinition>(
  plugin: TransformationPlugin<D>,
  options: readonly Options[],
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...options),
      fc.array(row, { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      async (options, rows, isTyped) => {
        const lines = rows.map((cells) => `${cells.join(',')}\n`).join('');
        expect(await outcome(plugin, options, lines, isTyped, false)).toEqual(
          await outcome(plugin, options, lines, isTyped, true),
        );
      },
    ),
    { numRuns: 300 },
  );
}
