import { type ConnectField, type ConnectStruct, readStruct } from './connect-schema.ts';
import type { KeyScope } from './key-rule.ts';

/** What the parser `iso` of timestamps reads of itself. */
const ISO = /^yyyy-MM-dd(?:'T'|' '| )HH:mm:ss(?:\.S+)?(?:X+|Z)?$/;

export const NO_FIELDS =
  'no schema is written, so cells stay text: write transforms.validate.type: schema and transforms.validate.fields.<name>, and validate into transforms';

export function convertValueSchema(json: string, scope: KeyScope): void {
  const struct = readStruct(json);
  if (struct === null || struct.fields.length === 0)
    return scope.lost(`expected the schema of a struct as JSON; ${NO_FIELDS}`);
  setSchema(struct, scope);
}

/** A transformation `schema` with the fields of a struct. */
export function setSchema(struct: ConnectStruct, scope: KeyScope): void {
  const validate = scope.stage('validate', 'validate');
  scope.set(`${validate}type`, 'schema');
  if (struct.name !== null) scope.set(`${validate}schema.name`, struct.name);
  for (const { name, type, isOptional, default: empty, scale } of struct.fields) {
    if (type === null) {
      scope.lost(`the field ${name} is a list, a map or a struct, which no cell can be: it is left out`);
      continue;
    }
    const key = field(name);
    scope.set(key, type);
    if (type === 'decimal') scope.set(`${key}.precision`, '64');
    if (type === 'decimal') scope.set(`${key}.scale`, scale ?? '0');
    if (type === 'timestamp') scope.set(`${key}.unit`, 'millis');
    if (type === 'bytes') scope.set(`${key}.format`, 'base64');
    if (empty !== null) scope.set(`${key}.default`, empty);
    else if (isOptional) scope.set(`${key}.optional`, 'true');
  }
}

export function convertEmptyCells(value: string, scope: KeyScope): void {
  const texts = fieldsOf(scope).filter(({ type, default: empty }) => type === 'string' && empty === null);
  if (value === 'EMPTY_SEPARATORS') scope.set('transforms.parse.quoted.empty', 'text');
  else if (value === 'EMPTY_QUOTES') scope.lost('a cell with nothing in it is null here as well');
  else if (value === 'BOTH' || texts.length === 0)
    scope.needless('an empty cell is null where the field is optional');
  else for (const { name } of texts) scope.set(`${field(name)}.default`, '');
}

export function convertFormats(value: string, scope: KeyScope): void {
  const dated = fieldsOf(scope).filter(({ type }) => ['timestamp', 'date', 'time'].includes(type ?? ''));
  const [first = '', ...others] = value.split(',').map((format) => format.trim());
  if (dated.length === 0) return scope.needless('no field is a timestamp, a date or a time');
  const isIso = [first, ...others].every((format) => ISO.test(format));
  if (isIso) return scope.needless('ISO 8601 is read without a format');
  for (const { name } of dated) scope.set(`${field(name)}.format`, first);
  if (others.length > 0)
    scope.lost(
      `a field has one format, here the first; rows in the others (${others.join(', ')}) are rejected`,
    );
}

export function fieldsOf(scope: KeyScope): readonly ConnectField[] {
  return (readStruct(scope.value('value.schema'))?.fields ?? []).filter(({ type }) => type !== null);
}

/** The key of a field of the schema. */
export function field(name: string): string {
  return `transforms.validate.fields.${/[.`]/.test(name) ? `\`${name}\`` : name}`;
}
