import { readFile } from 'node:fs/promises';
import { HeadraceError, type InnerRecord, messageOf } from '../../../src/plugin/index.ts';
import type { AvroJson } from '../../../src/values/avro-name.ts';
import { avroFullName, COLUMN_PROPERTY, isAvroJson } from '../../../src/values/avro-name.ts';
import { parseExactJson } from '../../../src/values/exact-json.ts';
import { shownJson } from '../../../src/values/shown.ts';
import { whyUnreadable } from '../../../src/values/why-unreadable.ts';
import type { FieldDeclaration } from '../field-declaration.ts';
import { typeDeclaration } from './avro-declaration.ts';
import { avroDefaultValue, WrongDefault } from './avro-defaults.ts';
import { AvroNames } from './avro-names.ts';

/** The fields of an Avro record. */
export interface AvroFields {
  /** The record's full name. */
  readonly name: string;
  readonly doc?: string;
  /** Those of records in it are called by their path. */
  readonly fields: ReadonlyMap<string, FieldDeclaration>;
  readonly text: string;
  /** What it says of the record but for its name and fields. */
  readonly attributes: AvroJson;
}

/** Where fields stand: the records around them, and what those have as default for them. */
interface Place {
  readonly within: readonly InnerRecord[];
  readonly fallback: unknown;
}

/**
 * Reads a schema file (https://avro.apache.org/docs/1.12.0/specification/): a record of primitive types, enums, fixed,
 * all logical types and records of these, each of them alone or in a union with null.
 */
export async function readAvroFields(path: string): Promise<AvroFields> {
  const wrong = (reason: string, cause: unknown) =>
    new HeadraceError('CONFIG_INVALID', `schema.file ${path}: ${reason}`, { cause });
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw wrong(whyUnreadable(cause), cause);
  });
  try {
    return avroFields(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw wrong(messageOf(cause), cause);
  }
}

/** The fields of a schema. Throws an error that names what it does not understand. */
function avroFields(text: string): AvroFields {
  const schema = parsedJson(text);
  if (!isAvroJson(schema) || schema.type !== 'record') {
    throw new Error('expected an Avro schema of type record');
  }
  if (typeof schema.name !== 'string') throw new Error('expected the record to have a name');
  if (!Array.isArray(schema.fields)) throw new Error('expected the record to have a list of fields');
  const { name, namespace } = avroFullName(schema, '');
  const names = new AvroNames();
  const expanded = (schema.fields as readonly unknown[]).map((field) =>
    expandedField(field, namespace, names),
  );
  const fields = new Map(declarations(expanded, { within: [], fallback: undefined }));
  const { name: _name, namespace: _namespace, fields: _fields, ...attributes } = schema;
  return { name, ...docOf(schema), fields, text, attributes };
}

function parsedJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch (cause) {
    throw new Error(`expected an Avro schema as JSON; ${messageOf(cause)}`, { cause });
  }
}

function expandedField(field: unknown, namespace: string, names: AvroNames): unknown {
  if (!isAvroJson(field)) return field;
  try {
    return { ...field, type: names.expand(field.type, namespace) };
  } catch (error) {
    throw new Error(`field ${field.name}: ${messageOf(error)}`);
  }
}

function docOf({ doc }: AvroJson): { readonly doc?: string } {
  return typeof doc === 'string' ? { doc } : {};
}

function* declarations(
  fields: readonly unknown[],
  place: Place,
): Generator<[name: string, declaration: FieldDeclaration]> {
  const seen = new Set<string>();
  const prefix = place.within.map(({ name }) => `${name}.`).join('');
  for (const field of fields) {
    if (!isAvroJson(field) || typeof field.name !== 'string') {
      throw new Error('expected every field to have a name');
    }
    const name = prefix + field.name;
    if (seen.has(name)) throw new Error(`field ${name} comes more than once`);
    seen.add(name);
    yield* fieldDeclarations(field, name, place);
  }
}

function* fieldDeclarations(
  field: AvroJson,
  name: string,
  { within, fallback: around }: Place,
): Generator<[string, FieldDeclaration]> {
  const { name: own, type, ...attributes } = field;
  const branches = Array.isArray(type) ? (type as unknown[]) : [type];
  const types = branches.filter((branch) => branch !== 'null');
  if (types.length !== 1) {
    throw new Error(`field ${name}: expected one type, or a union of one with null; got ${shownJson(type)}`);
  }
  const [only] = types;
  const isNullable = branches.length > types.length;
  const fallback = isAvroJson(around) ? around[String(own)] : field.default;
  const source = { attributes, type };
  if (isAvroJson(only) && only.type === 'record' && Array.isArray(only.fields)) {
    const inner = {
      name: String(own),
      // With a default of its own it is never null.
      optional: isNullable && !isAvroJson(fallback),
      ...docOf(field),
      ...(typeof only.name === 'string' && { typeName: only.name }),
      avro: source,
    };
    yield* declarations(only.fields, { within: [...within, inner], fallback });
    return;
  }
  const declaration = declared(only, name);
  const column = attributes[COLUMN_PROPERTY];
  yield [
    name,
    {
      ...declaration,
      ...(isNullable && { optional: true }),
      ...docOf(field),
      ...(typeof column === 'string' && { column }),
      ...defaultOf(declaration, fallback, name),
      ...(within.length > 0 && { within }),
      avro: source,
    },
  ];
}

function declared(type: unknown, name: string): FieldDeclaration {
  let declaration: FieldDeclaration | null;
  try {
    declaration = typeDeclaration(type);
  } catch (error) {
    throw new Error(`field ${name}: ${messageOf(error)}`);
  }
  if (declaration === null) throw new Error(`field ${name}: cannot fill type ${shownJson(type)} from a cell`);
  return declaration;
}

/** A default of null says no more than the union with null does. */
function defaultOf(declaration: FieldDeclaration, fallback: unknown, name: string): FieldDeclaration {
  if (fallback === undefined || fallback === null) return {};
  try {
    return { value: avroDefaultValue(declaration, fallback) };
  } catch (error) {
    if (!(error instanceof WrongDefault)) throw error;
    throw new Error(`fields.${name}.default expected ${error.message}, got ${shownJson(fallback)}`);
  }
}
