import { type RecordSchema, RowError, type SourceRecord } from '../../../../src/plugin/index.ts';
import { makeTransformation, recordOf } from '../../support.ts';

export type Options = Readonly<Record<string, unknown>>;

/** A row of a table: what the case is called, options, the record's parts before, and those after or the rejection. */
export type Case = readonly [
  title: string,
  options: Options,
  before: Partial<SourceRecord>,
  after: Partial<SourceRecord> | string | null,
];

// biome-ignore lint/suspicious/noExplicitAny: any plugin, whatever its options
type AnyTransformation = any;

/** What a transformation makes of a record; a rejection as `Name: message`, and null when it drops the record. */
export async function outcome(
  plugin: AnyTransformation,
  options: Options,
  before: Partial<SourceRecord>,
): Promise<SourceRecord | string | null> {
  const transformation = await makeTransformation(plugin, options);
  try {
    return (await transformation.apply({ ...recordOf(null), ...before })) as SourceRecord | null;
  } catch (error) {
    if (error instanceof RowError) return `${error.errorName}: ${error.message}`;
    throw error;
  }
}

/** What is expected of `outcome`, for `toEqual`: parts that the case does not name must be as before. */
export function expected(
  before: Partial<SourceRecord>,
  after: Partial<SourceRecord> | string | null,
): SourceRecord | string | null {
  return typeof after === 'string' || after === null ? after : { ...recordOf(null), ...before, ...after };
}

export const TRADE: RecordSchema = {
  name: 'market.Trade',
  fields: [
    { name: 'symbol', type: 'string', optional: false },
    { name: 'price', type: 'decimal', optional: false },
    { name: 'volume', type: 'long', optional: true },
    { name: 'at', type: 'timestamp', optional: true },
  ],
};

/** A schema of these fields, `name: type`, all required. */
export function schemaOf(
  fields: Readonly<Record<string, RecordSchema['fields'][number]['type']>>,
): RecordSchema {
  const list = Object.entries(fields).map(([name, type]) => ({ name, type, optional: false }));
  return { name: 'Row', fields: list };
}
