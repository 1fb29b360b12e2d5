import { addingFields, type FieldUse } from '../../../src/plugin/index.ts';
import type { Operand } from './operand.ts';

/**
 * The fields that a transformation names in an option. Rows that lack one go on, as in Connect, so it is told only. Where
 * it works on keys, the fields of values are no matter of it.
 *
 * @param after by default the fields stay, and those that it names are there
 */
export function valueUse(
  { suffix }: Operand,
  named: { readonly key: string; readonly names: readonly string[] },
  after?: FieldUse['after'],
): FieldUse {
  if (suffix === 'Key') return addingFields([]);
  const seeks = named.names.map((name) => ({ name, key: named.key, lack: 'told' }) as const);
  return after === undefined ? addingFields(seeks, named.names) : { seeks, after };
}
