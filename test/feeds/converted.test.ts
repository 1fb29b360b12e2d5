import { mkdir, readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { headrace } from '../cli/support/run-command.ts';
import { FeedFolder } from '../integration/support/feed-folder.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { recordsOf } from './records-of.ts';

const { bootstrapServers } = await sharedKafka();

/** A folder with a feed that was made of a connector's configuration, and its worker. */
async function converted(name: string, properties: (folder: FeedFolder) => readonly string[]) {
  const folder = await FeedFolder.make(name);
  await mkdir(folder.at('in'));
  const common = [`name=${name}`, `topic=${name}`, 'topic.creation.default.partitions=1'];
  await folder.write('connect.properties', [...common, ...properties(folder)].join('\n'));
  const { code, stdout, stderr } = await headrace(['convert', 'connect.properties'], { cwd: folder.path });
  await folder.write('feed.yaml', stdout);
  await folder.worker({ 'bootstrap.servers': bootstrapServers });
  return { folder, code, stderr };
}

test("a connector of spooldir's, converted, loads its files: records, keys, headers, and what becomes of a bad file", async () => {
  const name = uniqueName('spooldir');
  const { folder, code, stderr } = await converted(name, ({ path }) => [
    'connector.class=com.github.jcustenborder.kafka.connect.spooldir.SpoolDirCsvSourceConnector',
    `input.path=${path}/in`,
    `finished.path=${path}/done`,
    `error.path=${path}/failed`,
    'input.file.pattern=^users-\\\\d+\\\\.csv$',
    'halt.on.error=false',
    'file.minimum.age.ms=50',
    'csv.first.row.as.header=true',
    'csv.separator.char=59',
    'csv.null.field.indicator=BOTH',
    'parser.timestamp.date.formats=dd/MM/yyyy HH:mm',
    'key.schema={"name":"UserKey","type":"STRUCT","fieldSchemas":{"id":{"type":"INT64"}}}',
    'value.schema={"name":"shop.User","type":"STRUCT","fieldSchemas":{"id":{"type":"INT64"},"email":{"type":"STRING","isOptional":true},"seen":{"name":"org.apache.kafka.connect.data.Timestamp","type":"INT64"},"balance":{"name":"org.apache.kafka.connect.data.Decimal","type":"BYTES","parameters":{"scale":"2"}}}}',
    'key.converter=org.apache.kafka.connect.json.JsonConverter',
    'key.converter.schemas.enable=false',
    'value.converter=org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable=true',
    'transforms=mark',
    'transforms.mark.type=org.apache.kafka.connect.transforms.InsertHeader',
    'transforms.mark.header=origin',
    'transforms.mark.value.literal=shop',
  ]);
  expect([code, stderr]).toEqual([0, '']);
  const header = 'id;email;seen;balance\n';
  await folder.write('in/users-1.csv', `${header}7;;31/01/2026 09:30;12.50\n8;"a;b";01/02/2026 00:00;-1\n`);
  await folder.write('in/users-2.csv', `${header}9;c;no date;1.00\n`);
  await folder.write('in/others.csv', `${header}1;x;31/01/2026 09:30;1.00\n`);
  await folder.write('in/below/users-3.csv', `${header}2;x;31/01/2026 09:30;1.00\n`);
  await folder.start().waitFor('file completed', 60_000);

  const records = await recordsOf(name, 2);
  const payloads = records.map(({ value }) => (JSON.parse(String(value)) as { payload: object }).payload);
  // As Kafka Connect writes them: milliseconds, and the bytes of the digits.
  expect(payloads).toEqual([
    { id: 7, email: null, seen: Date.UTC(2026, 0, 31, 9, 30), balance: 'BOI=' },
    { id: 8, email: 'a;b', seen: Date.UTC(2026, 1, 1), balance: 'nA==' },
  ]);
  expect(records.map(({ key }) => String(key))).toEqual(['{"id":7}', '{"id":8}']);
  expect(records.map(({ headers }) => [headers.get('origin'), headers.get('file.name')])).toEqual([
    ['shop', 'users-1.csv'],
    ['shop', 'users-1.csv'],
  ]);
  await expect.poll(() => readdir(folder.at('done')), { timeout: 20_000 }).toEqual(['users-1.csv']);
  await expect.poll(() => readdir(folder.at('failed')), { timeout: 20_000 }).toContain('users-2.csv');
  expect(await readFile(folder.at('failed/users-2.csv.error.json'), 'utf8')).toContain('seen: expected');
  expect((await readdir(folder.at('in'))).sort()).toEqual(['below', 'others.csv']);
}, 120_000);

test("a connector of FilePulse's, converted, loads its files: types, nulls, topic and key of the row", async () => {
  const name = uniqueName('filepulse');
  const { folder, code, stderr } = await converted(name, ({ path }) => [
    'connector.class=io.streamthoughts.kafka.connect.filepulse.source.FilePulseSourceConnector',
    'fs.listing.class=io.streamthoughts.kafka.connect.filepulse.fs.LocalFSDirectoryListing',
    `fs.listing.directory.path=${path}/in`,
    'fs.listing.interval.ms=200',
    'fs.listing.filters=io.streamthoughts.kafka.connect.filepulse.fs.filter.RegexFileListFilter',
    'file.filter.regex.pattern=.*\\\\.csv$',
    'file.filter.minimum.age.ms=50',
    'fs.cleanup.policy.class=io.streamthoughts.kafka.connect.filepulse.fs.clean.LocalMoveCleanupPolicy',
    `cleaner.output.succeed.path=${path}/done`,
    `cleaner.output.failed.path=${path}/failed`,
    'tasks.reader.class=io.streamthoughts.kafka.connect.filepulse.fs.reader.LocalRowFileInputReader',
    'offset.attributes.string=path+hash',
    'skip.headers=1',
    'filters=Parse,NoTest,Venue,Day,Topic,Key,Exclude',
    'filters.Parse.type=io.streamthoughts.kafka.connect.filepulse.filter.DelimitedRowFilter',
    'filters.Parse.regex=\\\\|',
    'filters.Parse.trim.column=true',
    'filters.Parse.columns=symbol:STRING;qty:INTEGER;day:STRING;note:STRING',
    'filters.NoTest.type=io.streamthoughts.kafka.connect.filepulse.filter.DropFilter',
    "filters.NoTest.if={{ starts_with($.symbol, 'TEST') }}",
    'filters.Venue.type=io.streamthoughts.kafka.connect.filepulse.filter.AppendFilter',
    'filters.Venue.field=$.venue',
    'filters.Venue.value=asx:{{ $.symbol }}',
    'filters.Day.type=io.streamthoughts.kafka.connect.filepulse.filter.DateFilter',
    'filters.Day.field=day',
    'filters.Day.target=day',
    'filters.Day.formats=yyyy-MM-dd',
    'filters.Topic.type=io.streamthoughts.kafka.connect.filepulse.filter.AppendFilter',
    'filters.Topic.field=$topic',
    `filters.Topic.value=${name}.{{ lowercase($.symbol) }}`,
    'filters.Key.type=io.streamthoughts.kafka.connect.filepulse.filter.AppendFilter',
    'filters.Key.field=$key',
    'filters.Key.value={{ $.symbol }}',
    'filters.Exclude.type=io.streamthoughts.kafka.connect.filepulse.filter.ExcludeFilter',
    'filters.Exclude.fields=note',
    'value.converter=org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable=false',
  ]);
  expect([code, stderr]).toEqual([0, '']);
  await folder.write(
    'in/a/trades.csv',
    'symbol|qty|day|note\nBHP| 7 |2026-01-31|"x"\nRIO||2026-02-01\nTEST1|1|2026-02-01|\n',
  );
  await folder.start().waitFor('file completed', 60_000);

  const [bhp] = await recordsOf(`${name}.bhp`, 1);
  expect(JSON.parse(String(bhp?.value))).toEqual({
    symbol: 'BHP',
    qty: 7,
    day: Date.UTC(2026, 0, 31),
    venue: 'asx:BHP',
  });
  expect(String(bhp?.key)).toBe('BHP');
  const [rio] = await recordsOf(`${name}.rio`, 1);
  expect(JSON.parse(String(rio?.value))).toEqual({
    symbol: 'RIO',
    qty: null,
    day: Date.UTC(2026, 1, 1),
    venue: 'asx:RIO',
  });
  await expect.poll(() => readdir(folder.at('done/a')), { timeout: 20_000 }).toEqual(['trades.csv']);
}, 120_000);
