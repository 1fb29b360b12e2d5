import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowError, type Transformation } from '../../../src/plugin/index.ts';
import schema from '../../../transforms/schema/index.ts';
import { CELL_TYPES } from '../../rows/cell-types.ts';
import { makeTransformation, recordOf } from '../support.ts';
import { kernelCells, releaseCells, stageFor, takenRows, textsOf } from './kernel-cells.ts';
import { type RandomField, randomField } from './random-cells.ts';

/** What `apply` makes of a cell; undefined when it rejects it. */
function appliedTo(cell: string, transformation: Transformation): unknown {
  const record = recordOf({ x: cell });
  try {
    transformation.apply(record);
  } catch (error) {
    if (error instanceof RowError) return undefined;
    throw error;
  }
  return (record.value as { x: unknown }).x;
}

const isAscii = (text: string) => Buffer.byteLength(text) === text.length;
const digitsOf = (text: string) => text.replace(/[-.]/g, '').length;
const withoutZeros = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** The text of a value in the form that JSON and Connect's string converter have; null when the cell is not in it. */
function plainText({ type, fields, nullValues }: RandomField, cell: string, value: unknown): string | null {
  const text = fields['x.trim'] === undefined ? cell : cell.trim();
  const touched = fields['x.trim'] ?? fields['x.case'];
  if (value === undefined || (touched !== undefined && !isAscii(cell))) return null;
  if (text === '' || nullValues.includes(text)) return '';
  switch (type) {
    case 'int':
      return String(value) === text && digitsOf(text) <= 9 ? text : null;
    case 'long':
      return String(value) === text && digitsOf(text) <= 18 ? text : null;
    case 'float':
    case 'double':
      return JSON.stringify(value) === withoutZeros(text) && digitsOf(text) <= 15 ? String(value) : null;
    case 'boolean':
      return String(value) === text ? text : null;
    case 'decimal':
      return value as string;
    case 'timestamp':
      return value === text && text.endsWith('Z') ? text : null;
    case 'date':
      return value === text ? text : null;
    default:
      return text;
  }
}

describe('a cell is taken in its plain form only, and narrowed to its value', () => {
  it.each(CELL_TYPES)('of a field of type %s', async (type) => {
    await fc.assert(
      fc.asyncProperty(randomField(type), async (field) => {
        const { fields, nullValues, cells: texts } = field;
        const transformation = await makeTransformation(schema, { fields, nullValues });
        const cells = kernelCells(texts.map((cell) => [cell]));
        const asRead = { ...cells };
        const taken = takenRows(stageFor(transformation, [{ name: 'x', column: 0 }]), cells, texts.length);
        const narrowed = textsOf(cells, 1);
        releaseCells(cells, asRead);
        texts.forEach((cell, row) => {
          const plain = plainText(field, cell, appliedTo(cell, transformation));
          expect([taken[row], narrowed[row]]).toEqual(plain === null ? [false, [cell]] : [true, [plain]]);
        });
      }),
      { numRuns: 500 },
    );
  });
});

describe('a cell in a form of its field’s own', () => {
  it.each<[string, Record<string, string>, [cell: string, plain: string | null][]]>([
    [
      'double',
      { 'x.decimal': ',', 'x.thousands': '.' },
      [
        ['1.234,50', '1234.5'],
        ['7', '7'],
        ['1.5', null],
        ['', ''],
        ['NULL', ''],
        ['NULL', ''],
        ['1.5', null],
        ['1.5', null],
        ['1.234,50', '1234.5'],
        ['1.234,50', '1234.5'],
      ],
    ],
    [
      'decimal',
      { 'x.forms': 'parentheses,percent', 'x.trim': 'true' },
      [
        [' (5.00) ', '-5.00'],
        ['12%', '0.12'],
        ['(x)', null],
        ['5.00', '5.00'],
      ],
    ],
    ['double', { 'x.forms': 'parentheses' }, [['(0)', null]]],
    [
      'decimal',
      { 'x.implied.decimals': '2' },
      [
        ['000451', '4.51'],
        ['-5', '-0.05'],
        ['4.51', null],
      ],
    ],
    [
      'string',
      { 'x.escapes': 'backslash' },
      [
        ['a\\tb', 'a\tb'],
        ['plain', 'plain'],
        ['a\\', null],
      ],
    ],
    [
      'boolean',
      { 'x.true.values': 'Y', 'x.false.values': 'N' },
      [
        ['y', 'true'],
        ['N', 'false'],
        ['true', null],
      ],
    ],
  ])('of type %s with %j becomes the plain one', async (type, settings, expected) => {
    const fields = { x: type, 'x.optional': 'true', 'x.null.values': 'NULL', ...settings };
    const stage = stageFor(await makeTransformation(schema, { fields }), [{ name: 'x', column: 0 }]);
    const cells = kernelCells(expected.map(([cell]) => [cell]));
    expect(takenRows(stage, cells, expected.length)).toEqual(expected.map(([, plain]) => plain !== null));
    expect(textsOf(cells, 1)).toEqual(expected.map(([cell, plain]) => [plain ?? cell]));
  });
});

describe('a row', () => {
  const fields = {
    price: 'double',
    side: 'enum',
    'side.symbols': 'buy,sell',
    'side.trim': 'true',
    id: 'long',
  };
  const columns = [
    { name: 'price', column: 0 },
    { name: 'side', column: 1 },
    { name: 'id', column: 3 },
  ];
  const rows = [
    ['1.50', ' buy ', ' not a field ', '1'],
    ['2.50', ' sell ', '', '2 '],
    ['3.50', ' hold ', '', '3'],
    ['4.50', ' sell ', '', '4'],
  ];

  it('stays as it was read when one of its cells is not plain, and others do not', async () => {
    const cells = kernelCells(rows);
    const stage = stageFor(await makeTransformation(schema, { fields }), columns, 4);
    expect(takenRows(stage, cells, 4)).toEqual([true, false, false, true]);
    expect(textsOf(cells, 4)).toEqual([
      ['1.5', 'buy', ' not a field ', '1'],
      rows[1],
      rows[2],
      ['4.5', 'sell', '', '4'],
    ]);
  });

  it('is not touched before or behind those asked for', async () => {
    const cells = kernelCells([rows[0], rows[3], rows[3]] as string[][]);
    const stage = stageFor(await makeTransformation(schema, { fields }), columns, 4);
    expect(stage.takes(cells, 1, 2)).toBe(2);
    expect(textsOf(cells, 4)).toEqual([rows[0], ['4.5', 'sell', '', '4'], rows[3]]);
  });

  it('stays as it was read as well when two fields are made of one cell', async () => {
    const twice = { a: 'string', 'a.trim': 'true', b: 'double', 'b.trim': 'true', c: 'int' };
    const transformation = await makeTransformation(schema, { fields: twice });
    const both = [
      { name: 'a', column: 0 },
      { name: 'b', column: 0 },
      { name: 'c', column: 1 },
    ];
    const cells = kernelCells([
      [' 1.50 ', '1'],
      [' 1.50 ', '?'],
    ]);
    expect(takenRows(stageFor(transformation, both, 2), cells, 2)).toEqual([true, false]);
    expect(textsOf(cells, 2)).toEqual([
      ['1.5', '1'],
      [' 1.50 ', '?'],
    ]);
  });

  it('takes the general path when its cells are where kernels do not reach', async () => {
    const stage = stageFor(await makeTransformation(schema, { fields }), columns, 4);
    const cells = kernelCells(rows);
    const { bytes, bounds } = cells;
    cells.bytes = Buffer.from(bytes);
    expect(stage.takes(cells, 0, 1)).toBe(0);
    cells.bytes = bytes;
    cells.bounds = Uint32Array.from(bounds);
    expect(stage.takes(cells, 0, 1)).toBe(0);
    cells.bounds = bounds;
    expect(stage.takes(cells, 0, 1)).toBe(1);
  });
});
