import {
  addingFields,
  type ConfigProblem,
  defineConfig,
  defineTransformation,
} from '../../src/plugin/index.ts';
import { repeatedNameProblems } from '../shared/list-problems.ts';
import { LookupTransformation } from './lookup-transformation.ts';
import { requireReadable } from './reference-file.ts';
import { ReloadingTable } from './reloading-table.ts';

const config = defineConfig({
  file: {
    doc: `The reference: a CSV file in UTF-8 with a header, commas and double quotes. It is read again when it has \
changed; one that cannot be used leaves what was read before in force, and the log says so.`,
    format: 'path',
    required: true,
  },
  key: {
    doc: 'The field of the record whose value is looked up.',
    format: 'string',
    required: true,
  },
  fileKey: {
    doc: "The file's column to look it up in, where each value may stand once. By default the one of `key`'s name.",
    format: 'string',
    default: null,
  },
  fields: {
    doc: "The file's columns that become fields, under their own names.",
    format: 'list',
    required: true,
  },
  onMissing: {
    doc: 'A row whose key is not in the file: the fields are null, or the row is rejected.',
    format: ['null', 'reject'],
    default: 'null',
  },
});

export default defineTransformation({
  name: 'lookup',
  doc: `Adds fields of the matching row of a reference file: optional strings in the record's schema, where it has one. \
A field that the record has already is filled when it is empty; a row with a value in it is rejected. A tombstone \
passes.`,
  config,
  *check({ key, fields }): Iterable<ConfigProblem> {
    yield* repeatedNameProblems('fields', fields);
    if (fields.includes(key))
      yield { key: 'fields', message: `names ${JSON.stringify(key)}, which the record has: it is the key` };
  },
  async fieldUse({ file, key, fields, onMissing }) {
    await requireReadable(file);
    return addingFields(
      [{ name: key, key: 'key', lack: onMissing === 'reject' ? 'refused' : 'told' }],
      fields,
    );
  },
  async create({ file, key, fileKey, fields, onMissing }, { log }) {
    const columns = { key: fileKey ?? key, fields };
    const table = await ReloadingTable.open(file, columns, log);
    return new LookupTransformation(table, { key, fields, rejectMissing: onMissing === 'reject' });
  },
});
