import { fieldType } from './connect-schema.ts';
import { plainText } from './files-keys.ts';
import { type KeyRule, type KeyScope, lostIfTrue } from './key-rule.ts';

/** How rows and their columns are written, which both filters for them say alike. */
const COLUMNS: readonly KeyRule[] = [
  ...both(
    'extract.column.name',
    'extractColumnName',
    'the header of the file: `header` of the parser `csv`, as it is without it',
    convertHeader,
  ),
  {
    key: 'columns',
    becomes: '`columns` of the parser, and their types in a transformation `schema`',
    convert: convertColumns,
  },
  ...both(
    'auto.generate.column.names',
    'autoGenerateColumnNames',
    '`columns` of the parser, which must be written out',
    (value, scope) => {
      if (value === 'true' && !isNamed(scope))
        setColumns(scope, ['column1'], 'name all columns in transforms.parse.columns, in their order');
      else scope.needless('the columns have names');
    },
  ),
  ...both('trim.column', 'trimColumn', '`trim` of the parser', (value, scope) =>
    scope.set('transforms.parse.trim', value),
  ),
  ...both(
    'duplicate.columns.as.array',
    'duplicateColumnsAsArray',
    '`true`: no equal, a file with a column twice is given up',
    (value, scope) => {
      if (value === 'true')
        scope.lost('a file with a column twice is given up: rename it, or write transforms.parse.columns');
      else scope.needless('a column that comes twice gives up its file');
    },
  ),
];

export const CSV: readonly KeyRule[] = [
  ...COLUMNS,
  {
    key: 'separator',
    becomes: '`delimiter` of the parser',
    convert: (value, scope) => scope.set('transforms.parse.delimiter', value),
  },
  {
    key: 'quote.char',
    becomes: '`quote` of the parser',
    convert: (value, scope) => scope.set('transforms.parse.quote', value),
  },
  {
    key: 'escape.char',
    becomes:
      '`escape` of the parser. Without the key quotes are doubled here; FilePulse reads `\\"` as well, and drops other backslashes',
    convert: (value, scope) => scope.set('transforms.parse.escape', value),
  },
  {
    key: 'ignore.quotations',
    becomes: '`true`: an empty `quote` of the parser',
    convert: (value, scope) =>
      value === 'true' ? scope.set('transforms.parse.quote', '') : scope.needless('quotes count anyway'),
  },
  lostIfTrue('strict.quotes', 'what stands outside of quotes rejects the row'),
  lostIfTrue(
    'ignore.leading.whitespace',
    'white space before a quote rejects the row, unless transforms.parse.trim is true',
  ),
];

export const DELIMITED: readonly KeyRule[] = [
  ...COLUMNS,
  {
    key: 'regex',
    becomes: '`delimiter` of the parser, where it is text and no expression; quotes mean nothing',
    convert: convertSeparator,
  },
  {
    key: 'separator',
    becomes: 'the same',
    convert: convertSeparator,
  },
  {
    key: 'type',
    becomes: '`;` is the delimiter, and quotes mean nothing',
    convert: (_value, scope) => {
      scope.set('transforms.parse.quote', '');
      if (scope.value('regex') === '' && scope.value('separator') === '')
        scope.set('transforms.parse.delimiter', ';');
    },
  },
];

/** A key and the name that it had before. */
function both(key: string, before: string, becomes: string, convert: KeyRule['convert']): KeyRule[] {
  return [
    { key, becomes, convert },
    { key: before, becomes: 'the same, by its name of before', convert },
  ];
}

function isNamed(scope: KeyScope): boolean {
  return ['columns', 'extract.column.name', 'extractColumnName'].some((key) => scope.value(key) !== '');
}

function convertHeader(value: string, scope: KeyScope): void {
  const skipped = Number(scope.conversion.source.get('skip.headers') ?? '0');
  scope.set('transforms.parse.header', 'true');
  if (value !== 'headers' || skipped < 1)
    return scope.lost('the header must be the first line of the file, which skip.headers: 1 says there');
  if (skipped > 1)
    scope.lost(
      `of ${skipped} lines that are skipped the first is the header there; transforms.parse.skip.lines passes over lines before the header, and those behind it would be rows`,
    );
  if (scope.value('columns') === '')
    scope.lost(
      'columns are known by the header alone, so cells stay text, and an empty one is "" where FilePulse makes null: transforms.validate.fields.<name> gives types and null',
    );
}

function convertColumns(value: string, scope: KeyScope): void {
  const fields = value.split(';').map((column) => column.split(':').map((part) => part.trim()));
  if (scope.value('extract.column.name') === '' && scope.value('extractColumnName') === '')
    setColumns(
      scope,
      fields.map(([name = '']) => name),
      null,
    );
  scope.conversion.stage('validate', 'validate', scope.key);
  scope.set('transforms.validate.type', 'schema');
  for (const [name = '', written = ''] of fields) {
    const type = fieldType(written);
    if (type === null) {
      scope.lost(`the column ${name} is ${written}, which no cell can be: it is text here`);
    }
    scope.set(`transforms.validate.fields.${name}`, type ?? 'string');
    if (type === 'bytes') scope.set(`transforms.validate.fields.${name}.format`, 'text');
    // What is blank there is null, whatever the column is.
    scope.set(`transforms.validate.fields.${name}.optional`, 'true');
  }
}

function setColumns(scope: KeyScope, names: readonly string[], left: string | null): void {
  const skipped = scope.conversion.source.get('skip.headers') ?? '0';
  scope.set('transforms.parse.header', 'false');
  scope.set('transforms.parse.columns', names.join(','));
  if (skipped !== '0') scope.set('transforms.parse.skip.lines', skipped);
  if (left !== null) scope.lost(left);
}

function convertSeparator(value: string, scope: KeyScope): void {
  const text = plainText(value);
  if (text === null || text === '')
    scope.lost('the delimiter is text here and no expression: set transforms.parse.delimiter');
  else scope.set('transforms.parse.delimiter', text);
}
