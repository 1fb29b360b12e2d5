import { type FieldSchema, HeadraceError, type InnerRecord, type RecordSchema } from '../../plugin/index.ts';
import type { AvroJson } from '../../values/avro-name.ts';
import { ownNameOf, shapeOf, shapeOfFields } from '../../values/schema-shape.ts';
import { type FieldNode, fieldTree } from '../shared/field-tree.ts';
import { avroDefault } from './default.ts';
import { AvroTypeNames, FULL_NAME, NAME, NAME_RULE } from './type-names.ts';

/**
 * The Avro schema of a record, as JSON text: the schema file that it was read from, as long as the record has its
 * fields; else what the file says of the fields that are as they were, and what the record says of others.
 *
 * @throws HeadraceError CONFIG_INVALID, naming every field that Avro cannot hold
 */
export function avroSchemaOf(record: RecordSchema): string {
  const { name, doc, fields, avro } = record;
  if (avro !== undefined && avro.name === name && avro.shape === shapeOfFields(fields)) return avro.text;
  const problems: string[] = [];
  if (!FULL_NAME.test(name)) {
    problems.push(`the name of the record is ${JSON.stringify(name)}; ${NAME_RULE}`);
  }
  const dot = name.lastIndexOf('.');
  const schema = {
    type: 'record',
    name: name.slice(dot + 1),
    ...(dot > 0 && { namespace: name.slice(0, dot) }),
    ...(doc !== undefined && { doc }),
    ...avro?.attributes,
    fields: new AvroFieldTexts(name, problems).fieldsOf(fieldTree(fields)),
  };
  if (problems.length > 0) throw schemaError('Avro', name, problems);
  return JSON.stringify(schema);
}

/** The fields of a registered schema that are what an optional string without more becomes. */
export function optionalStrings(schema: string): readonly string[] {
  const { fields } = JSON.parse(schema) as AvroJson;
  const all = Array.isArray(fields) ? (fields as readonly AvroJson[]) : [];
  return all.flatMap(({ name, type, default: fallback, ...rest }) => {
    const isPlain = JSON.stringify(type) === '["null","string"]' && Object.keys(rest).length === 0;
    return isPlain && fallback === null ? [String(name)] : [];
  });
}

class AvroFieldTexts {
  readonly #names: AvroTypeNames;
  readonly #problems: string[];

  constructor(record: string, problems: string[]) {
    this.#names = new AvroTypeNames(record, problems);
    this.#problems = problems;
  }

  fieldsOf(nodes: readonly FieldNode[]): readonly AvroJson[] {
    return nodes.map((node) =>
      node.inner === null ? this.#field(node.field) : this.#innerRecord(node.inner, node.nodes),
    );
  }

  #innerRecord({ name, optional, doc, typeName, avro }: InnerRecord, nodes: readonly FieldNode[]): AvroJson {
    const inside = this.fieldsOf(nodes);
    const own = { type: 'record', name: typeName ?? this.#names.ownName(name), fields: inside };
    const withFields = (type: unknown): unknown => {
      if (Array.isArray(type)) return type.map(withFields);
      return type === 'null' ? type : this.#names.define({ ...(type as AvroJson), fields: inside });
    };
    if (avro !== undefined) return { name, type: withFields(avro.type), ...avro.attributes };
    const type = this.#names.define(own);
    return {
      name,
      type: optional ? ['null', type] : type,
      ...(doc !== undefined && { doc }),
      ...(optional && { default: null }),
    };
  }

  #field(field: FieldSchema): AvroJson {
    const { doc, optional, avro } = field;
    const name = ownNameOf(field);
    if (!NAME.test(name)) {
      this.#problems.push(
        `a field is called ${JSON.stringify(name)}; ${NAME_RULE}: rename it before the schema${name.includes('.') ? ', or put a record into a schema file, whose columns are called by their path' : ''}`,
      );
    }
    if (avro !== undefined && avro.shape === shapeOf(field) && Array.isArray(avro.type) === optional) {
      return { name, type: this.#names.defineAll(avro.type), ...avro.attributes };
    }
    const { default: inFile, ...attributes } = avro?.attributes ?? {};
    const type = this.#typeOf(field);
    const fallback = avro?.shape === shapeOf(field) && inFile !== undefined ? inFile : avroDefault(field);
    // A default is of the first type of a union.
    const union = fallback === undefined || fallback === null ? ['null', type] : [type, 'null'];
    return {
      name,
      type: optional ? union : type,
      ...(doc !== undefined && { doc }),
      ...attributes,
      ...(fallback !== undefined && (optional || fallback !== null)
        ? { default: fallback }
        : optional && { default: null }),
    };
  }

  /** Without null. */
  #typeOf(field: FieldSchema): unknown {
    const { type, avro } = field;
    if (avro !== undefined && avro.shape === shapeOf(field)) {
      const branches = Array.isArray(avro.type) ? (avro.type as unknown[]) : [avro.type];
      return this.#names.defineAll(branches.find((branch) => branch !== 'null'));
    }
    if (type === 'enum') return this.#names.enumOf(field);
    if (type === 'duration') {
      return this.#names.define({
        type: 'fixed',
        name: this.#names.ownName(field.name),
        size: 12,
        logicalType: type,
      });
    }
    return avroType(field, this.#problems);
  }
}

function avroType(field: FieldSchema, problems: string[]): unknown {
  const { name, type, precision, scale, unit = 'micros', local } = field;
  switch (type) {
    case 'decimal':
      if (precision === undefined || scale === undefined) {
        problems.push(
          `decimal ${name} has no precision and scale; set fields.${name}.precision and fields.${name}.scale of the schema transformation, or a decimal logical type in its schema file`,
        );
      }
      return { type: 'bytes', logicalType: 'decimal', precision, scale };
    case 'timestamp':
      return { type: 'long', logicalType: `${local === true ? 'local-' : ''}timestamp-${unit}` };
    case 'date':
      return { type: 'int', logicalType: 'date' };
    case 'time':
      return unit === 'millis'
        ? { type: 'int', logicalType: 'time-millis' }
        : { type: 'long', logicalType: 'time-micros' };
    case 'uuid':
      return { type: 'string', logicalType: 'uuid' };
    default:
      return type;
  }
}

/** Of a schema that a format cannot say, every reason at once. */
function schemaError(format: string, record: string, problems: readonly string[]): HeadraceError {
  return new HeadraceError(
    'CONFIG_INVALID',
    `${format} cannot hold schema ${record}: ${problems.join('; ')}`,
  );
}
