import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { page, ROOT } from '../../docs/markdown.ts';
import { headrace } from '../support/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'headrace-convert-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PROPERTIES = String.raw`# Users of the shop
name=users
connector.class=com.github.jcustenborder.kafka.connect.spooldir.SpoolDirCsvSourceConnector
tasks.max=1
topic=users
input.path=/data/in
input.file.pattern=^.*\\.csv$
finished.path=/data/done
error.path=/data/failed
halt.on.error=false
csv.first.row.as.header=true
value.schema={"name":"shop.User","type":"STRUCT","fieldSchemas":{\
  "id":{"type":"INT64","isOptional":false}}}
batch.size=5000
`;

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

function convert(name: string) {
  return headrace(['convert', name], { cwd: folder });
}

test('a feed goes to standard output, with where its lines come from, and passes validate', async () => {
  const { code, stdout, stderr } = await convert(write('users.properties', PROPERTIES));
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('# csv.first.row.as.header\ntransforms.parse.header: true\n');
  expect(stdout).toContain('# Not needed here:\n# - batch.size: ');
  const validated = await headrace(['validate', write('users.yaml', stdout)], { cwd: folder });
  expect(validated).toMatchObject({ code: 0, stdout: 'users.yaml: ok\n' });
});

test('a key that has no equal is told on standard error with its line, and by the exit code', async () => {
  const file = write('strict.properties', `${PROPERTIES}csv.strict.quotes=true\nof.mine=1\n`);
  const { code, stdout, stderr } = await convert(file);
  expect(code).toBe(1);
  expect(stderr).toBe(
    'strict.properties:15: csv.strict.quotes: what stands outside of quotes rejects the row\n' +
      'strict.properties:16: of.mine: not known to that connector or to Kafka Connect: it is left out\n',
  );
  expect(stdout).toContain('# Otherwise here, or left to do:\n# - csv.strict.quotes: ');
});

test.each(['flat', 'with name and config'])('JSON as Kafka Connect takes it, %s', async (form) => {
  const config = {
    'connector.class': 'io.streamthoughts.kafka.connect.filepulse.source.FilePulseSourceConnector',
    'tasks.max': 1,
    topic: 'quotes',
    'fs.listing.directory.path': '/data/in',
    'fs.cleanup.policy.class': 'io.streamthoughts.kafka.connect.filepulse.fs.clean.DeleteCleanupPolicy',
    'offset.attributes.string': 'path+hash',
    filters: 'rows',
    'filters.rows.type': 'io.streamthoughts.kafka.connect.filepulse.filter.CSVFilter',
    'filters.rows.columns': 'symbol:STRING;price:DOUBLE',
  };
  const json = form === 'flat' ? { name: 'quotes', ...config } : { name: 'quotes', config };
  const { code, stdout, stderr } = await convert(write('quotes.json', JSON.stringify(json)));
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('name: quotes\n');
  expect(stdout).toContain('transforms.validate.fields.price: double\n');
});

test('a feed whose connector has no name is called after the file', async () => {
  const file = write('nameless.properties', PROPERTIES.replace('name=users\n', ''));
  expect((await convert(file)).stdout).toContain('name: nameless\n');
});

test.each([
  [
    'another connector',
    'connector.class=FileStreamSource\n',
    /^other\.properties:1: connector\.class: expected one of /,
  ],
  ['none', 'name=x\n', /^other\.properties: connector\.class: expected one of .*; got nothing$/],
  [
    'what lacks what it needs',
    PROPERTIES.replace('input.path=/data/in\n', ''),
    /^other\.properties: input\.path: is required/,
  ],
])('%s is a mistake in a line, and no feed', async (_what, text, message) => {
  const { code, stdout, stderr } = await convert(write('other.properties', text));
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr.trim()).toMatch(message);
});

test('the example is what the page shows', async () => {
  const example = readFileSync(join(ROOT, 'examples/connect/users.properties'), 'utf8');
  const { code, stdout, stderr } = await convert(write('users.properties', example));
  expect(code).toBe(1);
  const validated = await headrace(['validate', write('users.yaml', stdout)], { cwd: folder });
  const shown = [
    '$ headrace convert users.properties > users.yaml',
    stderr.trim(),
    '$ headrace validate users.yaml',
    validated.stdout,
  ];
  expect(page('docs/migration.md').text).toContain(shown.join('\n'));
});

test('a file that is not there is a mistake in a line', async () => {
  const { code, stdout, stderr } = await convert('nowhere.properties');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
