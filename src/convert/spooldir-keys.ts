import { readStruct } from './connect-schema.ts';
import { ignoreFolders, setEncoding, setFilePattern, setTolerance } from './files-keys.ts';
import { type KeyRule, type KeyScope, lostIfTrue, needless, renamed, same, topicKey } from './key-rule.ts';
import {
  convertEmptyCells,
  convertFormats,
  convertValueSchema,
  field,
  fieldsOf,
  NO_FIELDS,
} from './schema-fields.ts';

const PARSE = 'transforms.parse';

const ORDERS: Readonly<Record<string, string>> = {
  NameAsc: 'name',
  LastModifiedAsc: 'time',
  LengthAsc: 'size',
};

/** Keys that all of spooldir's connectors have. */
const FILES: readonly KeyRule[] = [
  same('input.path'),
  {
    key: 'input.file.pattern',
    becomes: '`input.file.pattern`, as a glob',
    convert: (pattern, scope) => setFilePattern(scope, pattern),
  },
  {
    key: 'input.path.walk.recursively',
    becomes: '`false`: `*/` in `input.file.ignore`; `true`: folders below are read anyway',
    fallback: 'false',
    convert: (value, scope) =>
      value === 'true' ? scope.needless('folders below input.path are read anyway') : ignoreFolders(scope),
  },
  {
    key: 'cleanup.policy',
    becomes:
      '`MOVE`: `finished.path`; `MOVEBYDATE`: the same with `/{yyyy}-{MM}-{dd}`; `DELETE`: `finished.delete`; `NONE`: neither, and no file is read twice',
    fallback: 'MOVE',
    convert: convertCleanup,
  },
  {
    key: 'finished.path',
    becomes: '`finished.path`, where `cleanup.policy` moves',
    convert: (_value, scope) => {
      if (scope.value('cleanup.policy').startsWith('MOVE')) scope.partOf('finished.path');
      else scope.needless('cleanup.policy moves no file');
    },
  },
  same('error.path'),
  {
    key: 'halt.on.error',
    becomes:
      '`true`: `errors.tolerance: none`; `false`: `errors.tolerance: all` with `errors.max: 0`, which gives up a file at its first bad row; with a larger number, or without it, bad rows go to the dead-letter queue and the file goes on',
    fallback: 'true',
    convert: (value, scope) => setTolerance(scope, value !== 'false'),
  },
  renamed('file.minimum.age.ms', 'settle.ms'),
  {
    key: 'files.sort.attributes',
    becomes: '`files.order`: `NameAsc`: `name`, `LastModifiedAsc`: `time`, `LengthAsc`: `size`',
    fallback: 'NameAsc',
    convert: (value, scope) => {
      const order = ORDERS[value];
      if (order === undefined)
        scope.lost('files.order knows time, name and size, one of them, and from the smallest on');
      else scope.set('files.order', order);
    },
  },
  // Its readers may want some of the headers that are set there without asking.
  topicKey((scope) => scope.set('headers.source', 'full')),
  ...needless(['batch.size'], 'a transaction takes the rows of transaction.boundary.interval.ms'),
  ...needless(['empty.poll.wait.ms'], 'new files are noticed at once, and looked for every scan.interval.ms'),
  ...needless(['file.buffer.size.bytes'], 'files are read in chunks that suit the parser'),
  ...needless(
    ['processing.file.extension'],
    'offsets say which file is being read; nothing is written beside it',
  ),
  ...needless(
    ['cleanup.policy.maintain.relative.path'],
    'files keep their path below finished.path and error.path, and folders of input.path stay',
  ),
  ...needless(['task.partitioner', 'task.index', 'task.count'], 'each file belongs to one task, by its path'),
  {
    key: 'timestamp.mode',
    becomes:
      '`PROCESS_TIME`: nothing, it is what there is; `FIELD`: `timestamp` of the transformation `route`; `FILE_TIME` has no equal',
    fallback: 'PROCESS_TIME',
    convert: (mode, scope) => {
      if (mode === 'FIELD') scope.set('transforms.route.timestamp', scope.value('timestamp.field'));
      else if (mode === 'PROCESS_TIME') scope.needless('a record has the time of writing anyway');
      else
        scope.lost('records have the time of writing; transforms.route.timestamp names a field with another');
    },
  },
];

function convertCleanup(policy: string, scope: KeyScope): void {
  const finished = scope.value('finished.path');
  if (policy === 'DELETE') scope.set('finished.delete', 'true');
  else if (policy === 'NONE')
    scope.needless('files stay where they are unless finished.path or finished.delete is set');
  else if (finished === '') scope.lost('finished.path is not written: files stay where they are until it is');
  else if (policy === 'MOVE') scope.set('finished.path', finished);
  else if (policy === 'MOVEBYDATE') {
    scope.set('finished.path', `${finished.replace(/\/$/, '')}/{yyyy}-{MM}-{dd}`);
    scope.lost(
      'the folder is named after the day of the move, in UTC, not that of the last change of the file',
    );
  } else scope.lost('no such policy is known; set finished.path or finished.delete');
}

/** Keys of the connector for CSV. */
export const SPOOLDIR_CSV_KEYS: readonly KeyRule[] = [
  {
    key: 'csv.separator.char',
    becomes: '`delimiter` of the parser `csv`, the character itself',
    fallback: '44',
    convert: (code, scope) => {
      const parse = scope.stage('parse', 'parse');
      scope.set(`${parse}type`, 'csv');
      if (code === '0')
        scope.lost('no delimiter is written: it is a comma until transforms.parse.delimiter names another');
      else if (code !== '44') setCharacter(scope, code, `${parse}delimiter`);
    },
  },
  ...FILES,
  {
    key: 'csv.quote.char',
    becomes: '`quote` of the parser, the character itself',
    fallback: '34',
    convert: (code, scope) => {
      if (code === '34') scope.needless('a double quote is what there is');
      else setCharacter(scope, code, `${PARSE}.quote`);
    },
  },
  {
    key: 'csv.escape.char',
    becomes:
      '`escape` of the parser, the character itself. Without the key quotes are doubled here; spooldir reads `\\"` as well, and drops other backslashes',
    convert: (code, scope) => {
      if (scope.isTrue('csv.rfc.4180.parser.enabled')) scope.needless('the parser of RFC 4180 has none');
      else if (code === '0') scope.needless('quotes in quotes are doubled');
      else setCharacter(scope, code, `${PARSE}.escape`);
    },
  },
  {
    key: 'csv.first.row.as.header',
    becomes: '`header` of the parser; `false`: `columns` with the fields of `value.schema`, in their order',
    fallback: 'false',
    convert: convertHeader,
  },
  {
    key: 'csv.skip.lines',
    becomes: '`skip.lines` of the parser',
    convert: (value, scope) => scope.set(`${PARSE}.skip.lines`, value),
  },
  {
    key: 'csv.file.charset',
    becomes: '`encoding` of the parser',
    convert: (charset, scope) => setEncoding(scope, charset, `${PARSE}.encoding`),
  },
  {
    key: 'csv.ignore.quotations',
    becomes: '`true`: an empty `quote` of the parser',
    convert: (value, scope) =>
      value === 'true' ? scope.set(`${PARSE}.quote`, '') : scope.needless('quotes count anyway'),
  },
  lostIfTrue('csv.strict.quotes', 'what stands outside of quotes rejects the row'),
  lostIfTrue(
    'csv.ignore.leading.whitespace',
    'white space before a quote rejects the row, unless transforms.parse.trim is true, which takes it off both ends of all cells',
  ),
  lostIfTrue(
    'csv.keep.carriage.return',
    'line ends are no part of a row; within quotes they stay as they are',
  ),
  ...needless(['csv.verify.reader'], 'a file that cannot be read is told of anyway'),
  ...needless(
    ['csv.rfc.4180.parser.enabled'],
    'quotes in quotes are doubled, unless csv.escape.char is written',
  ),
  ...needless(['csv.case.sensitive.field.names'], 'names of columns are taken as they stand, there too'),
  {
    key: 'schema.generation.enabled',
    becomes: 'nothing: without a schema every cell is text, under the name of its column',
    convert: (value, scope) => {
      if (value !== 'true' || scope.value('value.schema') !== '')
        scope.needless('the schema is in value.schema');
      else
        scope.lost(
          `${NO_FIELDS}. Avro and JSON Schema need one, and headrace load FILE --topic T --schema S shows what fits`,
        );
    },
  },
  {
    key: 'value.schema',
    becomes: 'a transformation `schema`: a key `fields.<name>` for each field',
    convert: convertValueSchema,
  },
  {
    key: 'csv.null.field.indicator',
    becomes:
      '`NEITHER`: `default: ""` of fields that are text; `BOTH`: nothing, as an empty cell of an optional field is null, quoted or not; `EMPTY_SEPARATORS`: `quoted.empty: text` of the parser; `EMPTY_QUOTES` is `BOTH` here',
    fallback: 'NEITHER',
    convert: convertEmptyCells,
  },
  {
    key: 'parser.timestamp.date.formats',
    becomes: '`format` of timestamps, dates and times; without it ISO 8601',
    convert: convertFormats,
  },
  {
    key: 'parser.timestamp.timezone',
    becomes: '`zone` of timestamps',
    fallback: 'UTC',
    convert: (zone, scope) => {
      const stamps = fieldsOf(scope).filter(({ type }) => type === 'timestamp');
      for (const { name } of stamps) scope.set(`${field(name)}.zone`, zone);
      if (stamps.length === 0) scope.needless('no field is a timestamp');
    },
  },
  {
    key: 'timestamp.field',
    becomes: '`timestamp` of the transformation `route`, where `timestamp.mode` is `FIELD`',
    convert: (_value, scope) => {
      if (scope.value('timestamp.mode') === 'FIELD') scope.partOf('transforms.route.timestamp');
      else scope.needless('timestamp.mode is not FIELD');
    },
  },
  {
    key: 'key.schema',
    becomes: '`ValueToKey` with its fields: the key is an object without a schema',
    convert: (json, scope) => {
      const struct = readStruct(json);
      if (struct === null)
        scope.lost(
          'expected the schema of a struct as JSON: records have no key until transforms.route.key names fields',
        );
      else
        setKey(
          scope,
          struct.fields.map(({ name }) => name),
        );
    },
  },
  {
    key: 'schema.generation.key.fields',
    becomes: '`ValueToKey` with these fields',
    convert: (fields, scope) => {
      if (scope.value('key.schema') !== '') scope.needless('the key is in key.schema');
      else
        setKey(
          scope,
          fields
            .split(',')
            .map((name) => name.trim())
            .filter((name) => name !== ''),
        );
    },
  },
  ...needless(['schema.generation.key.name'], 'keys have no schema, and so no name of one'),
  ...needless(
    ['schema.generation.value.name'],
    'a schema that is written has its name in transforms.validate.schema.name',
  ),
];

/** Keys of the connector for lines. */
export const SPOOLDIR_LINES_KEYS: readonly KeyRule[] = [
  {
    key: 'file.charset',
    becomes: '`encoding` of the parser `lines`',
    fallback: 'UTF-8',
    convert: (charset, scope) => {
      const parse = scope.stage('parse', 'parse');
      scope.set(`${parse}type`, 'lines');
      if (charset !== 'UTF-8') setEncoding(scope, charset, `${parse}encoding`);
      // The line itself is the value there.
      const value = scope.stage('line', 'filter');
      scope.set(`${value}type`, 'ExtractField$Value');
      scope.set(`${value}field`, 'line');
    },
  },
  ...FILES,
];

function convertHeader(value: string, scope: KeyScope): void {
  if (value === 'true') return scope.set(`${PARSE}.header`, 'true');
  const names = (readStruct(scope.value('value.schema'))?.fields ?? []).map(({ name }) => name);
  scope.set(`${PARSE}.header`, 'false');
  scope.set(`${PARSE}.columns`, names.length > 0 ? names.join(',') : 'column01');
  if (names.length === 0)
    scope.lost('no schema names the columns: name them in transforms.parse.columns, in their order');
}

function setKey(scope: KeyScope, names: readonly string[]): void {
  if (names.length === 0) return scope.needless('it has no fields: records have no key');
  const key = scope.stage('key', 'key');
  scope.set(`${key}type`, 'ValueToKey');
  scope.set(`${key}fields`, names.join(','));
  const { source } = scope.conversion;
  if (source.has('key.converter')) return;
  scope.set('key.converter', 'json');
  scope.lost(
    'the key is an object, and no key.converter is written here: it is json now, until you name the one of your worker',
  );
}

/** Characters are written as their numbers there; 0 is none. */
function setCharacter(scope: KeyScope, code: string, key: string): void {
  const number = Number(code);
  if (!/^\d+$/.test(code) || number > 0xffff)
    scope.lost(`expected the number of a character; write the character itself into ${key}`);
  else if (number === 9) scope.set(key, '\\t');
  else scope.set(key, number === 0 ? '' : String.fromCharCode(number));
}
