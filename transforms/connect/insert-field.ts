import {
  type ConfigProblem,
  type ConfigValues,
  defineConfig,
  defineTransformation,
  type FieldSchema,
  RowError,
  type SourceRecord,
} from '../../src/plugin/index.ts';
import { derivedSchema, schemaWith } from '../shared/derived-schema.ts';
import { withFields } from '../shared/row.ts';
import { REPLACE_NULL, rowWithDefaults } from './shared/null-default.ts';
import { KEY, type Operand, VALUE } from './shared/operand.ts';
import { valueUse } from './shared/value-use.ts';

const MARKS = 'With `!` after its name the field is required; with `?`, or nothing, optional.';

const config = defineConfig({
  topicField: { doc: `Field for the topic. ${MARKS}`, format: 'string', default: null },
  partitionField: { doc: `Field for the partition. ${MARKS}`, format: 'string', default: null },
  offsetField: {
    doc: 'Not for sources: a row has no offset in Kafka before it is written.',
    format: 'string',
    default: null,
  },
  timestampField: {
    doc: `Field for the record's timestamp: a timestamp when there is a schema, else milliseconds since 1970. ${MARKS}`,
    format: 'string',
    default: null,
  },
  staticField: { doc: `Field for a fixed text. ${MARKS}`, format: 'string', default: null },
  staticValue: { doc: 'The fixed text.', format: 'string', default: null },
  replaceNullWithDefault: REPLACE_NULL,
});

/** A field to insert. */
interface Insertion {
  readonly schema: FieldSchema;
  /** Without a schema, a partition or timestamp that the record lacks makes no field; a topic does. */
  readonly evenNull: boolean;
  /** null when the record has nothing for it. */
  read(record: SourceRecord, hasSchema: boolean): unknown;
}

function insertField(operand: Operand) {
  return defineTransformation({
    name: `InsertField$${operand.suffix}`,
    doc: `Puts the record's topic, partition, timestamp or a fixed text into fields of the ${operand.side}. A tombstone \
passes.`,
    config,
    check: problemsOf,
    fieldUse(values) {
      const inserted = insertionsOf(values).map(({ schema }) => schema.name);
      return valueUse(operand, { key: '', names: [] }, (before) => before && [...before, ...inserted]);
    },
    create(values) {
      const insertions = insertionsOf(values);
      const widened = derivedSchema((schema) =>
        schemaWith(schema, [...schema.fields, ...insertions.map((insertion) => insertion.schema)]),
      );
      return {
        apply(record) {
          if ((operand.get(record) ?? null) === null) return record;
          const schema = operand.schemaOf(record);
          const row = rowWithDefaults(operand, record, values.replaceNullWithDefault);
          const fields: [string, unknown][] = [];
          for (const insertion of insertions) {
            const { name, optional } = insertion.schema;
            const inserted = insertion.read(record, schema !== null);
            if (inserted === null && schema !== null && !optional)
              throw new RowError('MissingValue', `${name}: the record has nothing for this required field`);
            if (inserted !== null || schema !== null || insertion.evenNull) fields.push([name, inserted]);
          }
          return operand.set(record, withFields(row, fields), widened(schema));
        },
      };
    },
  });
}

function insertionsOf(values: ConfigValues<typeof config>): Insertion[] {
  const { topicField, partitionField, timestampField, staticField, staticValue } = values;
  const insertions: Insertion[] = [];
  const add = (spec: string | null, type: FieldSchema['type'], read: Insertion['read']) => {
    if (spec === null) return;
    insertions.push({ schema: { ...markedName(spec), type }, evenNull: spec === topicField, read });
  };
  add(topicField, 'string', ({ topic }) => topic);
  add(partitionField, 'int', ({ partition }) => partition);
  add(timestampField, 'timestamp', ({ timestamp }, hasSchema) => {
    if (timestamp === null) return null;
    return hasSchema ? new Date(timestamp).toISOString() : BigInt(timestamp);
  });
  add(staticField, 'string', () => staticValue);
  return insertions;
}

function markedName(spec: string): { name: string; optional: boolean } {
  const mark = spec.at(-1);
  const name = mark === '?' || mark === '!' ? spec.slice(0, -1) : spec;
  return { name, optional: mark !== '!' };
}

function* problemsOf(values: ConfigValues<typeof config>): Iterable<ConfigProblem> {
  const { topicField, partitionField, offsetField, timestampField, staticField, staticValue } = values;
  if (offsetField !== null)
    yield { key: 'offset.field', message: 'only sinks have an offset to insert; take this option out' };
  const specs: [string, string | null][] = [
    ['topic.field', topicField],
    ['partition.field', partitionField],
    ['timestamp.field', timestampField],
    ['static.field', staticField],
  ];
  const names = new Set<string>();
  for (const [key, spec] of specs) {
    if (spec === null) continue;
    const { name } = markedName(spec);
    if (name === '') yield { key, message: `expected a field's name, got ${JSON.stringify(spec)}` };
    if (names.has(name)) yield { key, message: `${JSON.stringify(name)} is inserted twice` };
    names.add(name);
  }
  if (names.size === 0)
    yield { key: 'static.field', message: 'nothing is inserted; set it, or another of the fields' };
  if ((staticField === null) !== (staticValue === null))
    yield {
      key: 'static.value',
      message: 'expected static.field and static.value together, got one of them',
    };
}

export const key = insertField(KEY);
export const value = insertField(VALUE);
