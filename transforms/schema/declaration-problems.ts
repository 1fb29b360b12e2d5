import type { ConfigProblem, FieldType } from '../../src/plugin/index.ts';
import { dottedName } from '../../src/values/dotted-name.ts';
import { cellParser } from './cell-parsers.ts';
import { compileTemplate } from './cell-template.ts';
import type { FieldDeclaration, Setting } from './field-declaration.ts';
import { takesFraction } from './number-notation.ts';
import { formatsOf, isEpoch, isExcel } from './times/formats.ts';

const FRACTIONS: readonly FieldType[] = ['float', 'double', 'decimal'];
const NUMBERS: readonly FieldType[] = ['int', 'long', ...FRACTIONS];

const TIMES: readonly FieldType[] = ['timestamp', 'date', 'time'];

const ONLY_OF: Partial<Record<Setting, readonly FieldType[]>> = {
  case: ['string', 'enum'],
  format: [...TIMES, 'bytes'],
  zone: ['timestamp'],
  ambiguous: ['timestamp'],
  nonexistent: ['timestamp'],
  unit: ['timestamp', 'time'],
  symbols: ['enum'],
  precision: ['decimal'],
  scale: ['decimal'],
  thousands: NUMBERS,
  grouping: NUMBERS,
  decimal: [...NUMBERS, ...TIMES],
  impliedDecimals: FRACTIONS,
  currency: NUMBERS,
  forms: NUMBERS,
  escapes: ['string'],
  trueValues: ['boolean'],
  falseValues: ['boolean'],
};

/** Whether a setting is of any use to a field. */
export function suits(setting: Setting, field: FieldDeclaration): boolean {
  const { type } = field;
  if (type !== undefined && ONLY_OF[setting]?.includes(type) === false) return false;
  if (setting === 'zone') return field.local !== true && !formatsOf(field.format).every(isEpoch);
  return setting !== 'decimal' || takesPoint(field);
}

/** Whether something may stand before a fraction in it. */
function takesPoint(field: FieldDeclaration): boolean {
  const isTime = field.type !== undefined && TIMES.includes(field.type);
  return isTime ? formatsOf(field.format).some(isExcel) : takesFraction(field);
}

/** What is wrong with a field whose type is known; `partial` when a schema file may say the rest. */
export function* declarationProblems(
  name: string,
  field: FieldDeclaration,
  partial: boolean,
): Iterable<ConfigProblem> {
  const key = `fields.${name}`;
  const { type } = field;
  if (type === undefined) {
    yield { key, message: 'has no type, here or in the schema file' };
    return;
  }
  if (type === 'enum' && field.symbols === undefined) {
    if (!partial) yield { key: `${key}.symbols`, message: 'is required of an enum: the values allowed' };
    return;
  }
  for (const [setting, types] of Object.entries(ONLY_OF) as [Setting, readonly FieldType[]][]) {
    if (field[setting] === undefined || types.includes(type)) continue;
    yield { key: `${key}.${dottedName(setting)}`, message: `is for ${listed(types)}, not for ${type}` };
  }
  const template = field.from === undefined ? null : compileTemplate(field.from);
  if (typeof template === 'string') yield { key: `${key}.from`, message: template };
  yield* contradictions(key, type, field);
  if (!partial && field.absent === true && field.optional !== true && field.default === undefined) {
    const message =
      'says that the column may be absent, and not what the field is then; add optional: true or a default';
    yield { key: `${key}.absent`, message };
  }
  const parser = cellParser(field);
  if (typeof parser === 'string') yield { key: `${key}.format`, message: parser };
  else if (field.default !== undefined && parser.parse(field.default) === undefined) {
    const got = JSON.stringify(field.default);
    yield { key: `${key}.default`, message: `expected ${parser.expected}, got ${got}` };
  }
}

function listed(types: readonly FieldType[]): string {
  return new Intl.ListFormat('en-GB').format(types);
}

/** Settings that do not go together. */
function* contradictions(key: string, type: FieldType, field: FieldDeclaration): Iterable<ConfigProblem> {
  const { precision = Number.POSITIVE_INFINITY, scale = 0, thousands, decimal = '.' } = field;
  if (scale > precision)
    yield { key: `${key}.scale`, message: `expected at most the precision, ${precision}` };
  if (field.impliedDecimals !== undefined && field.decimal !== undefined) {
    const message = 'is for numbers whose point is written; keep this or implied.decimals';
    yield { key: `${key}.decimal`, message };
  } else if (field.decimal !== undefined && !takesPoint(field)) {
    const otherwise = TIMES.includes(type) ? 'format: excel' : 'forms: zero-fraction or exponent';
    const message = `is for ${listed(FRACTIONS)}, and for ${type} with ${otherwise}`;
    yield { key: `${key}.decimal`, message };
  }
  const both = field.trueValues?.find((word) => field.falseValues?.includes(word));
  if (both !== undefined)
    yield { key: `${key}.false.values`, message: `has ${JSON.stringify(both)}, as true.values has` };
  if (thousands === decimal && takesFraction(field)) {
    const point = JSON.stringify(decimal);
    yield {
      key: `${key}.thousands`,
      message: `is ${point}, as the decimal point is; set decimal to another`,
    };
  }
  if (field.zone !== undefined && formatsOf(field.format).every(isEpoch)) {
    yield { key: `${key}.zone`, message: `is not for ${field.format}, which counts in UTC` };
  }
  if (type === 'time' && field.unit === 'nanos') {
    yield { key: `${key}.unit`, message: 'expected millis or micros, as a time has no nanos' };
  }
  if (field.escapes !== undefined && field.case !== undefined) {
    yield { key: `${key}.escapes`, message: 'is not for a field with case, which would change escapes' };
  }
  if (type === 'enum' && field.value !== undefined && !field.symbols?.includes(String(field.value))) {
    yield {
      key: `${key}.symbols`,
      message: `lack ${JSON.stringify(field.value)}, the default in the schema file`,
    };
  }
  if (field.zone !== undefined && field.local === true) {
    yield { key: `${key}.zone`, message: 'is not for local-timestamp, which has no zone' };
  }
}
