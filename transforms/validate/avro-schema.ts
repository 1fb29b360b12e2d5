import { readFile } from 'node:fs/promises';
import { HeadraceError, messageOf, type TimeUnit } from '../../src/plugin/index.ts';
import type { FieldDeclaration } from './field-declaration.ts';

/** The fields of an Avro record. */
export interface AvroFields {
  /** The record's full name. */
  readonly name: string;
  readonly doc?: string;
  readonly fields: ReadonlyMap<string, FieldDeclaration>;
}

/** Named types that were defined before, by full name, and the namespace around the fields. */
interface Scope {
  readonly namespace: string;
  readonly types: Map<string, FieldDeclaration>;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a schema file (https://avro.apache.org/docs/1.12.0/specification/): a record of primitive types, enums and
 * the logical types decimal, timestamp and date, each of them alone or in a union with null.
 */
export async function readAvroFields(path: string): Promise<AvroFields> {
  try {
    return avroFields(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new HeadraceError('CONFIG_INVALID', `schema.file ${path}: ${messageOf(cause)}`, { cause });
  }
}

/** The fields of a parsed schema. Throws an error that names what it does not understand. */
export function avroFields(schema: unknown): AvroFields {
  if (!isObject(schema) || schema.type !== 'record') {
    throw new Error('expected an Avro schema of type record');
  }
  if (typeof schema.name !== 'string') throw new Error('expected the record to have a name');
  if (!Array.isArray(schema.fields)) throw new Error('expected the record to have a list of fields');
  const { name, namespace } = nameOf(schema, '');
  const scope: Scope = { namespace, types: new Map() };
  const fields = new Map<string, FieldDeclaration>();
  for (const field of schema.fields as readonly unknown[]) {
    if (!isObject(field) || typeof field.name !== 'string')
      throw new Error('expected every field to have a name');
    if (fields.has(field.name)) throw new Error(`field ${field.name} comes more than once`);
    fields.set(field.name, fieldDeclaration(field, field.name, scope));
  }
  return { name, ...docOf(schema), fields };
}

/** Avro's rules: a name with dots is full, else its namespace comes before it, else that of the type around it. */
function nameOf({ name, namespace }: Json, around: string): { name: string; namespace: string } {
  const own = String(name);
  const dot = own.lastIndexOf('.');
  if (dot >= 0) return { name: own, namespace: own.slice(0, dot) };
  const space = typeof namespace === 'string' ? namespace : around;
  return { name: space === '' ? own : `${space}.${own}`, namespace: space };
}

function docOf({ doc }: Json): { readonly doc?: string } {
  return typeof doc === 'string' ? { doc } : {};
}

function fieldDeclaration(field: Json, name: string, scope: Scope): FieldDeclaration {
  const branches = Array.isArray(field.type) ? (field.type as unknown[]) : [field.type];
  const types = branches.filter((branch) => branch !== 'null');
  if (types.length !== 1) {
    throw new Error(
      `field ${name}: expected one type, or a union of one with null; got ${shown(field.type)}`,
    );
  }
  const declaration = typeDeclaration(types[0], scope);
  if (declaration === null) throw new Error(`field ${name}: cannot fill type ${shown(types[0])} from a cell`);
  const optional = branches.length > types.length;
  const base = optional ? { ...declaration, optional } : declaration;
  return { ...base, ...docOf(field), ...defaultOf(field, name) };
}

/** A default of null says no more than the union with null does. */
function defaultOf(field: Json, name: string): FieldDeclaration {
  const { default: value } = field;
  if (value === undefined || value === null) return {};
  if (typeof value === 'object') throw new Error(`field ${name}: cannot use ${shown(value)} as a default`);
  return { default: String(value) };
}

function typeDeclaration(type: unknown, scope: Scope): FieldDeclaration | null {
  if (typeof type === 'string') return PRIMITIVES.get(type) ?? referred(type, scope);
  if (!isObject(type)) return null;
  if (type.type === 'enum') return enumDeclaration(type, scope);
  if (type.type === 'bytes') return decimalDeclaration(type);
  if (type.type === 'fixed') return fixedDeclaration(type, scope);
  if (type.type === 'long') return timestampDeclaration(type.logicalType) ?? { type: 'long' };
  if (type.type === 'int' && type.logicalType === 'date') return { type: 'date' };
  return typeof type.type === 'string'
    ? (PRIMITIVES.get(type.type) ?? null)
    : typeDeclaration(type.type, scope);
}

function referred(name: string, { namespace, types }: Scope): FieldDeclaration | null {
  const full = name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
  return types.get(full) ?? types.get(name) ?? null;
}

const TIMESTAMP = /^(local-)?timestamp-(millis|micros|nanos)$/;

function timestampDeclaration(logicalType: unknown): FieldDeclaration | null {
  const match = typeof logicalType === 'string' ? TIMESTAMP.exec(logicalType) : null;
  if (match === null) return null;
  const unit = match[2] as TimeUnit;
  return match[1] === undefined ? { type: 'timestamp', unit } : { type: 'timestamp', unit, local: true };
}

const PRIMITIVES = new Map<string, FieldDeclaration>(
  (['string', 'int', 'long', 'float', 'double', 'boolean'] as const).map((type) => [type, { type }]),
);

function decimalDeclaration(type: Json): FieldDeclaration | null {
  if (type.logicalType !== 'decimal' || typeof type.precision !== 'number') return null;
  return {
    type: 'decimal',
    precision: type.precision,
    scale: typeof type.scale === 'number' ? type.scale : 0,
  };
}

function fixedDeclaration(type: Json, { namespace, types }: Scope): FieldDeclaration | null {
  const declaration = decimalDeclaration(type);
  if (declaration !== null && typeof type.name === 'string') {
    types.set(nameOf(type, namespace).name, declaration);
  }
  return declaration;
}

function enumDeclaration(type: Json, { namespace, types }: Scope): FieldDeclaration | null {
  const { symbols } = type;
  if (!Array.isArray(symbols) || !symbols.every((symbol) => typeof symbol === 'string')) return null;
  if (typeof type.name !== 'string') return { type: 'enum', symbols };
  const { name } = nameOf(type, namespace);
  const declaration: FieldDeclaration = { type: 'enum', symbols, enumName: name };
  types.set(name, declaration);
  return declaration;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 100);
}
