import { RowError } from '../../../src/plugin/index.ts';
import schema from '../../../transforms/schema/index.ts';
import { makeTransformation, recordOf } from '../support.ts';

export type Fields = Record<string, string>;

/** The value that a row becomes, or the error that rejects it. */
export async function read(
  fields: Fields,
  row: unknown,
  options: Record<string, unknown> = {},
): Promise<unknown> {
  const transformation = await makeTransformation(schema, { fields, ...options });
  try {
    return ((await transformation.apply(recordOf(row))) as { value: unknown }).value;
  } catch (error) {
    if (error instanceof RowError) return `${error.errorName} ${error.message}`;
    throw error;
  }
}

/** The value of the field `x`, or the error. */
export async function readOne(fields: Fields, cell: string): Promise<unknown> {
  const value = await read(fields, { x: cell });
  return typeof value === 'string' ? value : (value as { x: unknown }).x;
}
