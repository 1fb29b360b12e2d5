import type { ConnectorConfig } from '../config/connector-config.ts';
import { heldByAvro } from '../converters/avro/held-record.ts';
import { avroSchemaOf } from '../converters/avro/schema.ts';
import { jsonSchemaOf } from '../converters/json-schema/schema-text.ts';
import type { DataFile } from '../dry-run/data-file.ts';
import { HeadraceError } from '../errors.ts';
import type { RecordSchema } from '../plugin/index.ts';
import { indentedJson } from '../values/indented-json.ts';
import { previewRows } from './preview.ts';

/** Rows that are taken through the feed for one that is sent. */
const MOST_ROWS = 1000;

export type SchemaFormat = 'avro' | 'json';

/** A schema as text, and what of it is to be told. */
export interface WrittenSchema {
  readonly text: string;
  readonly notes: readonly string[];
}

/**
 * The schema that the converter of a format registers for a feed's records.
 *
 * @throws HeadraceError SOURCE_MALFORMED when no row of the file is sent, or those that are have no schema
 */
export async function writtenSchema(
  config: ConnectorConfig,
  file: DataFile,
  format: SchemaFormat,
): Promise<WrittenSchema> {
  const record = await sentSchema(config, file);
  if (format === 'json') return { text: indentedJson(jsonSchemaOf(record)), notes: [] };
  const { record: held, changes } = heldByAvro(record);
  const text = avroSchemaOf(held);
  // A schema file is registered as it stands.
  return { text: text === record.avro?.text ? text : indentedJson(text), notes: changes };
}

/** Of the first record that is sent. */
async function sentSchema(config: ConnectorConfig, file: DataFile): Promise<RecordSchema> {
  let why = 'has one, as the feed has no transformation of type schema';
  let looked = 0;
  for await (const { stages, outcome } of previewRows(config, file, MOST_ROWS)) {
    looked++;
    if (outcome.kind === 'rejected') why = `is sent: ${outcome.rejection.message}`;
    if (outcome.kind !== 'sent') continue;
    const schema = stages.at(-1)?.records.find(({ valueSchema }) => valueSchema !== null)?.valueSchema;
    if (schema != null) return schema;
    break;
  }
  throw new HeadraceError(
    'SOURCE_MALFORMED',
    `${file.shown}: expected a row that is sent with a schema; of the first ${looked} none ${why}`,
  );
}
