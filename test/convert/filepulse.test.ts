import { describe, expect, test } from 'vitest';
import { convert, FILEPULSE } from './support.ts';

const FILTER = 'io.streamthoughts.kafka.connect.filepulse.filter';
const FS = 'io.streamthoughts.kafka.connect.filepulse.fs';

/** The feed with one more filter. */
function withFilter(type: string, keys: Readonly<Record<string, string>>) {
  const below = Object.entries(keys).map(([key, value]) => [`filters.own.${key}`, value]);
  return convert({
    ...FILEPULSE,
    filters: 'rows,own',
    'filters.own.type': `${FILTER}.${type}`,
    ...Object.fromEntries(below),
  });
}

test('columns with their types become a parser and a schema, in which what is blank is null', async () => {
  const { feed, lost } = await convert({
    ...FILEPULSE,
    'filters.rows.separator': ';',
    'filters.rows.trim.column': 'true',
    'offset.attributes.string': 'path+hash',
  });
  expect(feed).toMatchObject({
    'connector.class': 'directory',
    'input.path': '/data/in',
    'on.reappear': 'auto',
    'errors.tolerance': 'all',
    'errors.max': '0',
    transforms: 'parse,validate,route',
    'transforms.parse.type': 'csv',
    'transforms.parse.header': 'false',
    'transforms.parse.columns': 'symbol,qty',
    'transforms.parse.skip.lines': '1',
    'transforms.parse.delimiter': ';',
    'transforms.parse.trim': 'true',
    'transforms.validate.fields.qty': 'int',
    'transforms.validate.fields.qty.optional': 'true',
  });
  expect(lost).toEqual({});
});

test('names that are taken from the header come from the header, which is told to have no types', async () => {
  const { 'filters.rows.columns': _, ...connector } = FILEPULSE;
  const { feed, lost } = await convert({ ...connector, 'filters.rows.extractColumnName': 'headers' });
  expect(feed).toMatchObject({ transforms: 'parse,route', 'transforms.parse.header': 'true' });
  expect(lost['filters.rows.extractColumnName']).toContain('cells stay text');
});

test.each([
  ['\\|', '|'],
  ['||', null],
  ['\\t', '\t'],
  [';', ';'],
  ['\\s+', null],
])('a row that is split by the expression %s has the delimiter %s', async (regex, delimiter) => {
  const { feed, lost } = await convert({
    ...FILEPULSE,
    'filters.rows.type': `${FILTER}.DelimitedRowFilter`,
    'filters.rows.regex': regex,
  });
  expect(feed['transforms.parse.quote']).toBe('');
  expect(feed['transforms.parse.delimiter'] ?? null).toBe(delimiter);
  expect('filters.rows.regex' in lost).toBe(delimiter === null);
});

test('without a filter for rows each line is a message', async () => {
  const { filters: _, 'filters.rows.type': __, 'filters.rows.columns': ___, ...lines } = FILEPULSE;
  const { feed } = await convert({ ...lines, 'skip.footers': '2' });
  expect(feed).toMatchObject({
    'transforms.parse.type': 'lines',
    'transforms.parse.column': 'message',
    'transforms.parse.skip.lines': '1',
    'transforms.parse.footer.lines': '2',
  });
});

describe('filters', () => {
  test.each([
    ['$topic', 'market.{{ lowercase($.symbol) }}', { 'transforms.route.topic': 'market.{symbol|lower}' }],
    ['$topic', 'uppercase($value.symbol)', { 'transforms.route.topic': '{symbol|upper}' }],
    ['$key', '{{ $.symbol }}', { 'transforms.route.key': 'symbol' }],
    ['$headers.venue', 'asx', { 'transforms.route.headers.venue': 'asx' }],
    ['$.venue', "'asx'", { 'transforms.own.fields.venue': 'asx', transforms: 'parse,validate,own,route' }],
    ['$.tag', '{{ $.symbol }}-x', { 'transforms.own.fields.tag': '{symbol}-x' }],
    ['venue', 'a{b', { 'transforms.own.fields.venue': 'a{{b' }],
  ])('AppendFilter with %s: %s', async (field, value, expected) => {
    const { feed, lost } = await withFilter('AppendFilter', { field, value });
    expect(feed).toMatchObject(expected);
    expect(Object.keys(lost)).not.toContain('filters.own.field');
  });

  test('AppendFilter with a value that no template has', async () => {
    const { lost } = await withFilter('AppendFilter', { field: '$key', value: '{{ $.symbol }}-{{ $.qty }}' });
    expect(lost).toMatchObject({
      'filters.own.field': expect.stringContaining('headrace create transform'),
      'filters.own.value': 'goes with filters.own',
    });
  });

  test.each([
    ['ConvertFilter', { field: '$.symbol', to: 'STRING' }, { type: 'Cast$Value', spec: 'symbol:string' }],
    ['ExcludeFilter', { fields: 'qty' }, { type: 'ReplaceField$Value', exclude: 'qty' }],
    [
      'RenameFilter',
      { field: 'qty', target: 'volume' },
      { type: 'ReplaceField$Value', renames: 'qty:volume' },
    ],
    [
      'MoveFilter',
      { source: 'qty', target: 'volume' },
      { type: 'ReplaceField$Value', renames: 'qty:volume' },
    ],
    [
      'DateFilter',
      { field: 'symbol', target: 'symbol', formats: 'yyyy-MM-dd' },
      { type: 'TimestampConverter$Value', field: 'symbol', 'target.type': 'unix', format: 'yyyy-MM-dd' },
    ],
  ])('%s', async (type, keys, expected) => {
    const { feed } = await withFilter(type, keys);
    const own = Object.entries(expected).map(([key, value]) => [`transforms.own.${key}`, value]);
    expect(feed).toMatchObject(Object.fromEntries(own));
    expect(feed.transforms).toBe('parse,validate,own,route');
  });

  test.each([
    ["{{ equals($value.symbol, 'BHP') }}", { equals: 'BHP' }],
    ["starts_with($.symbol, 'B.')", { matches: '\\QB.\\E.*' }],
    ['{{ is_null($.symbol) }}', { 'is.null': 'true' }],
  ])('DropFilter if %s', async (condition, expected) => {
    const { feed, lost } = await withFilter('DropFilter', { if: condition, invert: 'true' });
    expect(feed).toMatchObject({
      'transforms.own.type': 'Filter',
      'transforms.own.predicate': 'own',
      'transforms.own.negate': 'true',
      predicates: 'own',
      'predicates.own.type': 'field',
      'predicates.own.field': 'symbol',
    });
    for (const [key, value] of Object.entries(expected)) expect(feed[`predicates.own.${key}`]).toBe(value);
    expect(Object.keys(lost).filter((key) => key.startsWith('filters.own'))).toEqual([]);
  });

  test('one with a condition, and one that nothing here is like, are left out and told', async () => {
    const drop = await withFilter('DropFilter', { if: '{{ gt($.qty, 3) }}', invert: 'true' });
    expect(drop.lost).toMatchObject({
      'filters.own.if': expect.stringContaining('all rows are sent'),
      'filters.own.invert': 'goes with filters.own',
    });
    const conditional = await withFilter('ExcludeFilter', { fields: 'qty', if: 'true' });
    expect(conditional.feed.transforms).toBe('parse,validate,route');
    expect(conditional.lost['filters.own.type']).toContain('condition');
    const own = await convert({ ...FILEPULSE, filters: 'rows,mine', 'filters.mine.type': 'com.acme.Mine' });
    expect(own.lost['filters.mine.type']).toContain('com.acme.Mine');
  });
});

describe('places', () => {
  test.each([
    [
      'AmazonS3FileSystemListing',
      {
        'aws.s3.bucket.name': 'drops',
        'aws.s3.bucket.prefix': 'in/',
        'aws.s3.region': 'eu-west-1',
        'fs.cleanup.policy.class': `${FS}.clean.AmazonS3MoveCleanupPolicy`,
        'fs.cleanup.policy.move.success.aws.prefix.path': 'done',
        'fs.cleanup.policy.move.failure.aws.prefix.path': 'failed',
      },
      {
        'connector.class': 's3',
        's3.bucket': 'drops',
        's3.prefix': 'in',
        'finished.path': 'done',
        'error.path': 'failed',
      },
    ],
    [
      'GcsFileSystemListing',
      { 'gcs.bucket.name': 'drops', 'gcs.blobs.filter.prefix': 'in/' },
      { 'connector.class': 'gcs', 'gcs.bucket': 'drops', 'gcs.prefix': 'in' },
    ],
    [
      'AzureBlobStorageFileSystemListing',
      {
        'azure.storage.account.name': 'acme',
        'azure.storage.account.key': 'a2V5',
        'azure.storage.container.name': 'drops',
      },
      { 'connector.class': 'azure-blob', 'azure.account': 'acme', 'azure.container': 'drops' },
    ],
    [
      'SftpFilesystemListing',
      {
        'sftp.listing.host': 'drop.example.com',
        'sftp.listing.user': 'loader',
        'sftp.listing.password': 'secret',
        'sftp.listing.directory.path': '/in',
        'sftp.listing.strict.host.key.check': 'no',
      },
      {
        'connector.class': 'sftp',
        'sftp.host': 'drop.example.com',
        'sftp.user': 'loader',
        'input.path': '/in',
      },
    ],
  ])('%s', async (type, keys, expected) => {
    const { 'fs.listing.directory.path': _, ...connector } = FILEPULSE;
    const { feed, text } = await convert({ ...connector, 'fs.listing.class': `${FS}.${type}`, ...keys });
    expect(feed).toMatchObject(expected);
    expect(text).not.toMatch(/# .*(?:secret|a2V5)/);
  });

  test('a local folder, its files, and where they are put', async () => {
    const { feed } = await convert({
      ...FILEPULSE,
      'fs.listing.recursive.enabled': 'false',
      'fs.listing.filters': `${FS}.filter.RegexFileListFilter`,
      'file.filter.regex.pattern': '.*\\.csv$',
      'fs.cleanup.policy.class': `${FS}.clean.LocalMoveCleanupPolicy`,
      'cleaner.output.succeed.path': '/data/done',
      'tasks.file.processing.order.by': 'CONTENT_LENGTH',
    });
    expect(feed).toMatchObject({
      'input.file.pattern': '*.csv',
      'input.file.ignore': expect.stringMatching(/,\*\/$/),
      'finished.path': '/data/done',
      'error.path': '/data/in/.failure',
      'files.order': 'size',
    });
  });

  test.each([
    ['fs.listing.class', `${FS}.SmbFileSystemListing`],
    ['tasks.reader.class', `${FS}.reader.LocalXMLFileInputReader`],
  ])('what nothing here reads is no feed: %s %s', async (key, type) => {
    await expect(convert({ ...FILEPULSE, [key]: type })).rejects.toThrow(
      `connect.properties: ${key}: expected `,
    );
  });
});
