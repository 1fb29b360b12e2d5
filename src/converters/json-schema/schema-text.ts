import type { FieldSchema, FieldType, RecordSchema } from '../../plugin/index.ts';
import { rawJson } from '../../values/exact-json.ts';
import { jsonInOrder, orderedRow } from '../../values/ordered-row.ts';
import { jsonSchemaForm } from '../json/forms.ts';
import { jsonValueWriter } from '../json/values.ts';
import { type FieldNode, fieldTree } from '../shared/field-tree.ts';

type Json = Readonly<Record<string, unknown>>;

const DRAFT = 'http://json-schema.org/draft-07/schema#';
const INT_MAX = 2 ** 31 - 1;
const INT_MIN = -(2 ** 31);

/** The schema of keys. */
export const KEY_SCHEMA = JSON.stringify({ $schema: DRAFT, type: 'string' });

/**
 * The JSON Schema (draft-07) of a record, as text. It allows no other properties: registries find a new optional
 * property compatible only then, since before it anything might have stood there.
 */
export function jsonSchemaOf(record: RecordSchema): string {
  const schema = {
    $schema: DRAFT,
    title: record.name,
    ...(record.doc !== undefined && { description: record.doc }),
    ...objectOf(fieldTree(record.fields), false),
  };
  return jsonInOrder(schema, (value) => value) as string;
}

function objectOf(nodes: readonly FieldNode[], optional: boolean): Json {
  const required = nodes.filter(isRequired);
  return {
    type: optional ? ['object', 'null'] : 'object',
    properties: orderedRow(nodes.map((node) => [node.name, nodeProperty(node)])),
    ...(required.length > 0 && { required: required.map(({ name }) => name) }),
    additionalProperties: false,
  };
}

function isRequired(node: FieldNode): boolean {
  if (node.inner !== null) return !node.inner.optional && node.nodes.some(isRequired);
  const { optional, default: value } = node.field;
  return !optional && value === undefined;
}

function nodeProperty(node: FieldNode): Json {
  if (node.inner === null) return propertyOf(node.field);
  const { optional, doc } = node.inner;
  return { ...objectOf(node.nodes, optional), ...(doc !== undefined && { description: doc }) };
}

const TYPES: Readonly<Record<FieldType, Json>> = {
  string: { type: 'string' },
  enum: { type: 'string' },
  decimal: { type: 'string' },
  timestamp: { type: 'string', format: 'date-time' },
  date: { type: 'string', format: 'date' },
  int: { type: 'integer', minimum: INT_MIN, maximum: INT_MAX },
  long: { type: 'integer' },
  float: { type: 'number' },
  double: { type: 'number' },
  boolean: { type: 'boolean' },
  time: { type: 'string' },
  uuid: { type: 'string', format: 'uuid' },
  duration: { type: 'string' },
  bytes: { type: 'string', contentEncoding: 'base64' },
};

function propertyOf(field: FieldSchema): Json {
  const { type, optional, symbols, doc, default: value, local } = field;
  const { type: name, ...rest } = local === true ? { type: 'string' } : TYPES[type];
  return {
    type: optional ? [name, 'null'] : name,
    ...rest,
    ...(symbols !== undefined && type === 'enum' && { enum: optional ? [...symbols, null] : symbols }),
    ...(doc !== undefined && { description: doc }),
    ...(value !== undefined && {
      default: rawJson(jsonValueWriter(type, jsonSchemaForm(field))(value)),
    }),
  };
}

/** The properties of a registered schema that are what an optional string without more becomes. */
export function optionalStrings(text: string): readonly string[] {
  const { properties } = parsed(text);
  const plain = JSON.stringify({ type: ['string', 'null'] });
  const all = isObject(properties) ? Object.entries(properties) : [];
  return all.filter(([, property]) => JSON.stringify(property) === plain).map(([name]) => name);
}

/** Everything about a record that a registry's schema does not allow. */
export function schemaMisfits(record: RecordSchema, text: string): readonly string[] {
  const schema = parsed(text);
  if (!isObject(schema.properties)) return ['expected an object with properties'];
  return [...objectMisfits(fieldTree(record.fields), schema, '')];
}

/** @param prefix the path to the object, with a dot behind it */
function* objectMisfits(nodes: readonly FieldNode[], schema: Json, prefix: string): Iterable<string> {
  const { required, additionalProperties } = schema;
  const properties = isObject(schema.properties) ? schema.properties : {};
  for (const node of nodes) {
    const property = Object.hasOwn(properties, node.name) ? properties[node.name] : undefined;
    const path = prefix + node.name;
    if (!isObject(property)) {
      if (additionalProperties === false) yield `${path} is not in it`;
    } else if (node.inner === null) yield* propertyMisfits(node.field, property);
    else if (isObject(property.properties)) yield* objectMisfits(node.nodes, property, `${path}.`);
  }
  const names = new Set(nodes.map(({ name }) => name));
  for (const name of Array.isArray(required) ? required.map(String) : []) {
    if (!names.has(name)) yield `${prefix}${name} is missing in the records`;
  }
}

/** Says nothing of properties whose schema says more than a type: the readers' validation does. */
function* propertyMisfits(field: FieldSchema, property: Json): Iterable<string> {
  const { name, type, optional, symbols = [], default: value } = field;
  if (property.type === undefined) return;
  const types = Array.isArray(property.type) ? property.type.map(String) : [String(property.type)];
  const own = String(TYPES[type].type);
  if (!types.includes(own) && !(own === 'integer' && types.includes('number'))) {
    yield `${name}: the records have ${own}, it has ${types.join(' or ')}`;
  } else if (optional && (value ?? null) === null && !types.includes('null')) {
    yield `${name} may be null in the records, not in it`;
  }
  const { enum: allowed } = property;
  if (type !== 'enum' || !Array.isArray(allowed)) return;
  const missing = symbols.filter((symbol) => !allowed.includes(symbol));
  if (missing.length > 0) yield `${name}: ${missing.join(', ')} not in its enum`;
}

/** Whether a registry's schema is one of text. */
export function takesText(text: string): boolean {
  return parsed(text).type === 'string';
}

function parsed(text: string): Json {
  try {
    const schema: unknown = JSON.parse(text);
    return isObject(schema) ? schema : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
