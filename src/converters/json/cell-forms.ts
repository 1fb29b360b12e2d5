import {
  BARE_DECIMAL,
  COPY,
  COUNT,
  DAYS,
  INSTANT,
  JSON_TEXT,
  LAST_MINUTE_BYTES,
} from '../../../kernels/write-cells/layout.ts';
import type { CellField } from '../../rows/index.ts';
import { type CellForm, cellForm, changedLetters } from '../cells/cell-form.ts';
import { base64Form } from '../cells/decimals.ts';
import type { JsonForm } from './forms.ts';

/** An escaped byte takes so many. */
const LONGEST_ESCAPE = 6;
const MAX_DIGITS = 20;
const BARE = new Set(['int', 'long', 'float', 'double', 'boolean']);
/** Decimals with more digits before the point, or behind it, become records. */
const MAX_DECIMAL_DIGITS = 38;

/** How cells of a field become one form of JSON; null when they have to become values first. */
export function jsonCellForm(field: CellField, form: JsonForm): CellForm | null {
  switch (form.kind) {
    case 'plain':
      return plainForm(field);
    case 'digits':
      return cellForm(BARE_DECIMAL, { bytesPerByte: 1 });
    case 'instant':
      return cellForm(INSTANT, { isQuoted: true, bytesPerByte: 1 });
    case 'days':
      return cellForm(DAYS, { extraBytes: MAX_DIGITS });
    case 'count':
      return cellForm(COUNT, {
        extraBytes: MAX_DIGITS,
        argument: form.digits,
        detail: Buffer.alloc(LAST_MINUTE_BYTES),
      });
    case 'time':
      return null;
    case 'base64':
      return form.scale > MAX_DECIMAL_DIGITS ? null : base64Form(MAX_DECIMAL_DIGITS + form.scale, form.scale);
  }
}

/** Numbers and times in their plain form hold nothing to escape. */
function plainForm({ type, case: toCase }: CellField): CellForm {
  if (type !== 'string' && type !== 'enum') {
    return cellForm(COPY, { isQuoted: !BARE.has(type), bytesPerByte: 1 });
  }
  return cellForm(JSON_TEXT, {
    isQuoted: true,
    bytesPerByte: LONGEST_ESCAPE,
    argument: changedLetters(toCase),
  });
}
