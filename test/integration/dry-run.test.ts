import { expect, test } from 'vitest';
import { LogReader } from '../chaos/log-reader.ts';
import { applying, PluginFeed } from '../cli/support/plugin-feed.ts';
import { sharedKafka } from '../support/stack.ts';

const { bootstrapServers } = await sharedKafka();

/** Sets what Kafka takes in no record, by the row's symbol. */
const CARELESS = applying(`
    const { symbol } = record.value;
    if (symbol === 'NEGATIVE') record.partition = -1;
    if (symbol === 'BETWEEN') record.partition = 1.5;
    if (symbol === 'NONE') record.partition = NaN;
    if (symbol === 'BEYOND') record.partition = 2;
    if (symbol === 'TIMELESS') record.timestamp = NaN;
    if (symbol === 'PLACELESS') record.topic = 'all trades';
    return record;`);

const SYMBOLS = ['BHP', 'NEGATIVE', 'BETWEEN', 'NONE', 'BEYOND', 'TIMELESS', 'PLACELESS', 'CBA'];
const CSV = `symbol,price\n${SYMBOLS.map((symbol) => `${symbol},1\n`).join('')}`;

test('preview and test reject the rows that a feed rejects, for the reasons that stand in its dead letters', async () => {
  const { folder, name, ...feed } = await carelessFeed();
  await folder.write('drop/rows.csv', CSV);
  await folder.start().waitFor('file completed');
  const letters = await lettersIn(`${name}.dlq`);
  expect(letters.map(({ row }) => row)).toEqual(['2', '3', '4', '5', '6', '7']);

  const { stdout } = await feed.preview();
  const { rows } = JSON.parse(stdout) as { rows: readonly Record<string, unknown>[] };
  const rejected = rows
    .filter(({ outcome }) => outcome === 'rejected')
    .map(({ row, plugin, error, message }) => ({ row: String(row), plugin, error, message }));
  expect(rejected).toEqual(letters);

  const expected = letters.map(({ row, message }) => `{ row: ${row}, error: ${JSON.stringify(message)} }`);
  await folder.write(
    'cases.yaml',
    `feed: feed.yaml\ncases:\n  - name: rows\n    rows: |\n${CSV.replaceAll(/^/gm, '      ')}
    records: [{ key: BHP }, { key: CBA }]\n    deadLetters: [${expected.join(', ')}]\n`,
  );
  expect(await feed.test()).toMatchObject({ code: 0, stdout: expect.stringContaining('1 passed') });
});

async function carelessFeed() {
  const careless = { transforms: 'parse,validate,route,mine' };
  const feed = await PluginFeed.make(CARELESS, careless, { 'bootstrap.servers': bootstrapServers });
  await feed.folder.write('rows.csv', CSV);
  return {
    folder: feed.folder,
    name: feed.name,
    preview: () => feed.run('preview', 'feed.yaml', 'rows.csv', '--json'),
    test: () => feed.run('test', 'cases.yaml'),
  };
}

async function lettersIn(topic: string) {
  const reader = await LogReader.open(bootstrapServers, { [topic]: 1 }, 'read_committed');
  const letters: Record<string, string | undefined>[] = [];
  await reader.readAll(({ headers }) =>
    letters.push({
      row: headers.get('file.row'),
      plugin: headers.get('__connect.errors.class.name'),
      error: headers.get('__connect.errors.exception.class.name'),
      message: headers.get('__connect.errors.exception.message'),
    }),
  );
  reader.close();
  return letters;
}
