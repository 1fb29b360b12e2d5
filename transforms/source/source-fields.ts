import type { FieldSchema, FieldValue, RowOrigin } from '../../src/plugin/index.ts';

/** What can be told of a row's way here. */
export interface SourceField {
  readonly schema: FieldSchema;
  readonly read: (origin: RowOrigin) => FieldValue;
}

/** By name. */
export const SOURCE_FIELDS: ReadonlyMap<string, SourceField> = new Map(
  [
    field('_source_file', 'string', ({ filePath }) => filePath),
    field('_source_line', 'long', ({ line }) => BigInt(line)),
    field('_source_row', 'long', ({ row }) => BigInt(row)),
    field('_source_offset', 'long', ({ offset }) => BigInt(offset)),
    field('_ingested_at', 'timestamp', () => new Date().toISOString()),
  ].map((one) => [one.schema.name, one]),
);

function field(name: string, type: FieldSchema['type'], read: SourceField['read']): SourceField {
  return { schema: { name, type, optional: false }, read };
}
