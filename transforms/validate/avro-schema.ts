import { readFile } from 'node:fs/promises';
import { HeadraceError, messageOf } from '../../src/plugin/index.ts';
import type { FieldDeclaration } from './field-options.ts';

/** The fields of an Avro record. */
export interface AvroFields {
  /** The record's full name. */
  readonly name: string;
  readonly fields: ReadonlyMap<string, FieldDeclaration>;
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
  const namespace = typeof schema.namespace === 'string' ? schema.namespace : '';
  const enums = new Map<string, FieldDeclaration>();
  const fields = new Map<string, FieldDeclaration>();
  for (const field of schema.fields as readonly unknown[]) {
    if (!isObject(field) || typeof field.name !== 'string')
      throw new Error('expected every field to have a name');
    if (fields.has(field.name)) throw new Error(`field ${field.name} comes more than once`);
    fields.set(field.name, fieldDeclaration(field, field.name, enums));
  }
  const full = namespace !== '' && !schema.name.includes('.') ? `${namespace}.${schema.name}` : schema.name;
  return { name: full, fields };
}

function fieldDeclaration(field: Json, name: string, enums: Map<string, FieldDeclaration>): FieldDeclaration {
  const branches = Array.isArray(field.type) ? (field.type as unknown[]) : [field.type];
  const types = branches.filter((branch) => branch !== 'null');
  if (types.length !== 1) {
    throw new Error(
      `field ${name}: expected one type, or a union of one with null; got ${shown(field.type)}`,
    );
  }
  const declaration = typeDeclaration(types[0], enums);
  if (declaration === null) throw new Error(`field ${name}: cannot fill type ${shown(types[0])} from a cell`);
  const optional = branches.length > types.length;
  const base = optional ? { ...declaration, optional } : declaration;
  return { ...base, ...defaultOf(field, name) };
}

/** A default of null says no more than the union with null does. */
function defaultOf(field: Json, name: string): FieldDeclaration {
  const { default: value } = field;
  if (value === undefined || value === null) return {};
  if (typeof value === 'object') throw new Error(`field ${name}: cannot use ${shown(value)} as a default`);
  return { default: String(value) };
}

function typeDeclaration(type: unknown, enums: Map<string, FieldDeclaration>): FieldDeclaration | null {
  if (typeof type === 'string') return PRIMITIVES.get(type) ?? enums.get(type) ?? null;
  if (!isObject(type)) return null;
  if (type.type === 'enum') return enumDeclaration(type, enums);
  const { logicalType } = type;
  if (type.type === 'bytes' || type.type === 'fixed') return decimalDeclaration(type);
  if (type.type === 'long' && typeof logicalType === 'string' && TIMESTAMPS.test(logicalType)) {
    return { type: 'timestamp' };
  }
  if (type.type === 'int' && logicalType === 'date') return { type: 'date' };
  return typeof type.type === 'string'
    ? (PRIMITIVES.get(type.type) ?? null)
    : typeDeclaration(type.type, enums);
}

const TIMESTAMPS = /^(local-)?timestamp-(millis|micros|nanos)$/;

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

function enumDeclaration(type: Json, enums: Map<string, FieldDeclaration>): FieldDeclaration | null {
  if (!Array.isArray(type.symbols) || !type.symbols.every((symbol) => typeof symbol === 'string'))
    return null;
  const declaration: FieldDeclaration = { type: 'enum', symbols: type.symbols };
  if (typeof type.name === 'string') {
    enums.set(type.name, declaration);
    if (typeof type.namespace === 'string') enums.set(`${type.namespace}.${type.name}`, declaration);
  }
  return declaration;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 100);
}
