import type { FieldSchema, FieldValue, RowOrigin } from '../../src/plugin/index.ts';
import { numberCell, type SetCell, textCell } from './source-cells.ts';

/** What can be told of a row's way here. */
export interface SourceField {
  readonly schema: FieldSchema;
  readonly read: (origin: RowOrigin) => FieldValue;
  /** Makes what sets the field's cells. */
  readonly cell: () => SetCell;
}

/** By name. */
export const SOURCE_FIELDS: ReadonlyMap<string, SourceField> = new Map(
  [
    textField('_source_file', ({ filePath }) => filePath),
    textField('_source_name', ({ fileName }) => fileName),
    numberField('_source_line', ({ line }) => line),
    numberField('_source_row', ({ row }) => row),
    numberField('_source_offset', ({ offset }) => offset),
    field('timestamp', '_ingested_at', () => timeOf(Date.now()), timeCell),
  ].map((one) => [one.schema.name, one]),
);

function field(
  type: FieldSchema['type'],
  name: string,
  read: SourceField['read'],
  cell: SourceField['cell'],
): SourceField {
  return { schema: { name, type, optional: false }, read, cell };
}

function numberField(name: string, read: (origin: RowOrigin) => number): SourceField {
  return field(
    'long',
    name,
    (origin) => BigInt(read(origin)),
    () => numberCell(read),
  );
}

function textField(name: string, read: (origin: RowOrigin) => string): SourceField {
  return field('string', name, read, () => textCell(read, (text) => text));
}

function timeCell(): SetCell {
  return textCell(() => Date.now(), timeOf);
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
