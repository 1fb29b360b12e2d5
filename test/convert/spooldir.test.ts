import { expect, test } from 'vitest';
import { convert, SPOOLDIR, struct } from './support.ts';

const DECIMAL = { name: 'org.apache.kafka.connect.data.Decimal', type: 'BYTES', parameters: { scale: '2' } };
const TIMESTAMP = { name: 'org.apache.kafka.connect.data.Timestamp', type: 'INT64' };
const REFERENCE = ['$', '{file:/secrets/registry.properties:user}'].join('');
const SCHEMA = struct({
  id: { type: 'INT64', isOptional: false },
  note: { type: 'STRING', isOptional: true },
  at: { ...TIMESTAMP, isOptional: false },
  total: { ...DECIMAL, isOptional: true },
});

test('what the connector takes where nobody writes a key is in the feed as well', async () => {
  const { feed } = await convert({ ...SPOOLDIR, 'value.schema': struct({ id: { type: 'INT64' } }) });
  expect(feed).toMatchObject({
    'connector.class': 'directory',
    'input.path': '/data/in',
    'input.file.pattern': '*.csv',
    'input.file.ignore': expect.stringMatching(/,\*\/$/),
    'finished.path': '/data/done',
    'error.path': '/data/failed',
    'files.order': 'name',
    'errors.tolerance': 'none',
    'headers.source': 'full',
    transforms: 'parse,validate,route',
    'transforms.parse.header': 'false',
    'transforms.parse.columns': 'id',
    'transforms.route.topic': 'trades',
  });
});

test('the characters of CSV are written as they are, not as numbers', async () => {
  const { feed } = await convert({
    ...SPOOLDIR,
    'csv.first.row.as.header': 'true',
    'csv.separator.char': '9',
    'csv.quote.char': '39',
    'csv.escape.char': '92',
    'csv.skip.lines': '2',
    'csv.file.charset': 'ISO-8859-1',
  });
  expect(feed).toMatchObject({
    'transforms.parse.delimiter': '\\t',
    'transforms.parse.quote': "'",
    'transforms.parse.escape': '\\',
    'transforms.parse.skip.lines': '2',
    'transforms.parse.encoding': 'latin1',
  });
});

test('a schema becomes fields with their types', async () => {
  const { feed, lost } = await convert({
    ...SPOOLDIR,
    'value.schema': SCHEMA,
    'csv.null.field.indicator': 'BOTH',
    'parser.timestamp.date.formats': 'dd/MM/yyyy HH:mm:ss',
    'parser.timestamp.timezone': 'Europe/Paris',
  });
  expect(feed).toMatchObject({
    'transforms.validate.schema.name': 'market.Trade',
    'transforms.validate.fields.id': 'long',
    'transforms.validate.fields.note': 'string',
    'transforms.validate.fields.note.optional': 'true',
    'transforms.validate.fields.at': 'timestamp',
    'transforms.validate.fields.at.format': 'dd/MM/yyyy HH:mm:ss',
    'transforms.validate.fields.at.zone': 'Europe/Paris',
    'transforms.validate.fields.total': 'decimal',
    'transforms.validate.fields.total.scale': '2',
  });
  expect(feed).not.toHaveProperty(['transforms.validate.fields.note.default']);
  expect(lost).toEqual({});
});

test('an empty cell of text stays text unless the connector makes null of it', async () => {
  const { feed } = await convert({ ...SPOOLDIR, 'value.schema': SCHEMA });
  expect(feed['transforms.validate.fields.note.default']).toBe('');
});

test('only cells without quotes are null where the connector says so', async () => {
  const { feed, lost } = await convert({
    ...SPOOLDIR,
    'value.schema': SCHEMA,
    'csv.null.field.indicator': 'EMPTY_SEPARATORS',
  });
  expect(feed['transforms.parse.quoted.empty']).toBe('text');
  expect(lost).toEqual({});
});

test('a field that no cell can be is told, and its column stays a column', async () => {
  const schema = struct({ id: { type: 'INT64' }, tags: { type: 'ARRAY' }, qty: { type: 'INT32' } });
  const { feed, lost } = await convert({ ...SPOOLDIR, 'value.schema': schema });
  expect(feed['transforms.parse.columns']).toBe('id,tags,qty');
  expect(feed).not.toHaveProperty(['transforms.validate.fields.tags']);
  expect(lost['value.schema']).toContain('the field tags');
});

test('a key of a schema is an object, which json writes', async () => {
  const key = struct({ id: { type: 'INT64' } });
  const { feed, lost } = await convert({ ...SPOOLDIR, 'value.schema': SCHEMA, 'key.schema': key });
  expect(feed).toMatchObject({
    transforms: 'parse,validate,key,route',
    'transforms.key.type': 'ValueToKey',
    'transforms.key.fields': 'id',
    'key.converter': 'json',
  });
  expect(lost['key.schema']).toContain('key.converter');
});

test.each([
  ['DELETE', { 'finished.delete': 'true' }],
  ['MOVE', { 'finished.path': '/data/done' }],
  ['MOVEBYDATE', { 'finished.path': '/data/done/{yyyy}-{MM}-{dd}' }],
])('cleanup.policy %s', async (policy, expected) => {
  const { feed } = await convert({
    ...SPOOLDIR,
    'csv.first.row.as.header': 'true',
    'cleanup.policy': policy,
  });
  expect(feed).toMatchObject(expected);
});

test('without halt.on.error a file is given up at its first bad row, and the others go on', async () => {
  const { feed } = await convert({
    ...SPOOLDIR,
    name: 'my trades',
    'csv.first.row.as.header': 'true',
    'halt.on.error': 'false',
  });
  expect(feed).toMatchObject({
    'errors.tolerance': 'all',
    'errors.max': '0',
    'errors.deadletterqueue.topic.name': 'my-trades.dlq',
  });
});

test('lines go to Kafka as they stand', async () => {
  const { feed, lost } = await convert({
    ...SPOOLDIR,
    'connector.class': 'com.github.jcustenborder.kafka.connect.spooldir.SpoolDirLineDelimitedSourceConnector',
    'file.charset': 'UTF-16LE',
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  });
  expect(feed).toMatchObject({
    transforms: 'parse,line,route',
    'transforms.parse.type': 'lines',
    'transforms.parse.encoding': 'utf16le',
    'transforms.line.type': 'ExtractField$Value',
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  });
  expect(lost).toEqual({});
});

test('transformations and predicates that are built in stay, behind the route; others are left out and told', async () => {
  const { feed, lost } = await convert({
    ...SPOOLDIR,
    'csv.first.row.as.header': 'true',
    transforms: 'route,own,drop',
    'transforms.route.type': 'org.apache.kafka.connect.transforms.RegexRouter',
    'transforms.route.regex': 'trades',
    'transforms.route.replacement': 'market.trades',
    'transforms.own.type': 'com.acme.Upper$Value',
    'transforms.own.field': 'symbol',
    'transforms.drop.type': 'org.apache.kafka.connect.transforms.Filter',
    'transforms.drop.predicate': 'isTest',
    predicates: 'isTest',
    'predicates.isTest.type': 'com.acme.IsTest',
  });
  expect(feed).toMatchObject({ transforms: 'parse,route,route2', 'transforms.route2.regex': 'trades' });
  expect(lost).toMatchObject({
    'transforms.own.type': expect.stringContaining('headrace create transform'),
    'transforms.own.field': 'goes with transforms.own.type',
    'transforms.drop.type': expect.stringContaining('isTest'),
    'predicates.isTest.type': expect.stringContaining('headrace create predicate'),
  });
});

test('a transformation that validate refuses is left out whole, in the words of validate', async () => {
  const { feed, lost } = await convert({
    ...SPOOLDIR,
    'csv.first.row.as.header': 'true',
    transforms: 'rename',
    'transforms.rename.type': 'org.apache.kafka.connect.transforms.RegexRouter',
    'transforms.rename.regex': 'a++',
    'transforms.rename.replacement': 'b',
    'producer.override.acks': 'all',
    'producer.override.compression.type': 'lz4',
  });
  expect(feed).toMatchObject({ transforms: 'parse,route', 'producer.override.compression.type': 'lz4' });
  expect(lost['transforms.rename.replacement']).toContain('transforms.rename.regex');
  expect(lost['producer.override.acks']).toContain('acknowledged by all replicas');
});

test('a value from elsewhere stays, though it is not to be had here', async () => {
  const { feed } = await convert({
    ...SPOOLDIR,
    'value.schema': SCHEMA,
    'value.converter': 'io.confluent.connect.avro.AvroConverter',
    'value.converter.schema.registry.url': 'http://localhost:8081',
    'value.converter.basic.auth.user.info': REFERENCE,
    'value.converter.value.subject.name.strategy':
      'io.confluent.kafka.serializers.subject.RecordNameStrategy',
  });
  expect(feed).toMatchObject({
    'value.converter.basic.auth.user.info': REFERENCE,
    'value.converter.subject': 'record',
  });
});

test('what a converter cannot do without a schema is told', async () => {
  const { lost } = await convert({
    ...SPOOLDIR,
    'csv.first.row.as.header': 'true',
    'schema.generation.enabled': 'true',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  });
  expect(lost['value.converter']).toContain('it needs a schema');
});
