import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LoadFolder, quotes, quoteValues } from './support.ts';

/** A feed of a drop folder, to a topic of its name; null takes a key away. */
function feed(name: string, changes: Readonly<Record<string, string | null>> = {}): string {
  const keys: Record<string, string | null> = {
    name,
    'connector.class': 'directory',
    'input.path': './drop',
    'input.file.pattern': '*.csv',
    'finished.path': './done',
    'settle.ms': '60000',
    transforms: 'parse,validate,route',
    'transforms.parse.type': 'csv',
    'transforms.validate.type': 'schema',
    'transforms.validate.fields.symbol': 'string',
    'transforms.validate.fields.price': 'double',
    'transforms.route.type': 'route',
    'transforms.route.topic': name,
    ...changes,
  };
  const lines = Object.entries(keys).filter(([, value]) => value !== null);
  return lines.map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`).join('');
}

describe('a load through a feed', () => {
  test('takes all of it but where its own files come from and go to', async () => {
    const folder = await LoadFolder.make();
    const file = await folder.write('a.csv', quotes(10));
    const result = await folder.load({
      files: [file],
      feed: await folder.write('feed.yaml', feed(folder.topic)),
      deadLetterFile: folder.at('bad.csv'),
    });
    expect(result).toMatchObject({ job: `${folder.topic}-load`, state: 'COMPLETED', rows: 10 });
    expect(await folder.values()).toEqual(quoteValues(10));
    expect(readdirSync(folder.path).sort()).toEqual(['a.csv', 'feed.yaml']);
  });

  test("sends rejected rows to the feed's dead-letter topic, and then to no file", async () => {
    const folder = await LoadFolder.make();
    const dlq = `${folder.topic}.dlq`;
    const options = { 'errors.tolerance': 'all', 'errors.deadletterqueue.topic.name': dlq };
    const result = await folder.load({
      files: [await folder.write('a.csv', quotes(10, 5))],
      feed: await folder.write('feed.yaml', feed(folder.topic, options)),
    });
    expect(result).toMatchObject({
      state: 'COMPLETED',
      rejected: 2,
      topics: { [folder.topic]: 8, [dlq]: 2 },
    });
    expect(result.jobs).toMatchObject([{ deadLetterTopic: dlq, deadLetterFile: null }]);
    expect(await folder.values(dlq)).toEqual(['S4,n/a', 'S9,n/a']);
  });

  test("does not touch the daemon's own dead-letter file", async () => {
    const folder = await LoadFolder.make();
    const own = await folder.write('daemon.csv', 'of the daemon\n');
    const options = { 'errors.tolerance': 'all', 'errors.deadletterqueue.file': './daemon.csv' };
    const result = await folder.load({
      files: [await folder.write('a.csv', quotes(2))],
      feed: await folder.write('feed.yaml', feed(folder.topic, options)),
    });
    expect(result.jobs[0]?.deadLetterFile).toMatch(new RegExp(`/${folder.topic}-load\\.rejected\\.csv$`));
    expect(existsSync(own)).toBe(true);
    expect(readdirSync(folder.path).filter((name) => name.startsWith('daemon'))).toEqual(['daemon.csv']);
  });

  test('stops at the first bad row where the feed says so, unless there is a file for such rows', async () => {
    const folder = await LoadFolder.make();
    const files = [await folder.write('a.csv', quotes(10, 5))];
    const path = await folder.write('feed.yaml', feed(folder.topic, { 'errors.tolerance': 'none' }));
    const stopped = await folder.load({ files, feed: path });
    expect(stopped).toMatchObject({ state: 'FAILED', error: { code: 'RECORD_REJECTED' }, rows: 4 });
    expect(stopped.files).toMatchObject([{ state: 'FAILED' }]);
    const rest = await folder.load({ files, feed: path, deadLetterFile: folder.at('bad.csv') });
    expect(rest).toMatchObject({ state: 'COMPLETED', rows: 10, rejected: 2, run: { rows: 6 } });
  });

  test('tells mistakes in the feed at their place in it', async () => {
    const folder = await LoadFolder.make();
    const path = await folder.write('feed.yaml', feed(folder.topic, { 'transforms.route.topik': 'x' }));
    const files = [await folder.write('a.csv', quotes(1))];
    await expect(folder.load({ files, feed: path })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/feed\.yaml:14: transforms\.route\.topik: unknown key; did you mean/),
    });
  });

  test('that shows a file as a whole shows the rows that are wanted of it, and then the others', async () => {
    const folder = await LoadFolder.make();
    const files = [await folder.write('a.csv', quotes(10))];
    const whole = { 'transaction.boundary': 'file', 'errors.tolerance': null };
    const path = await folder.write('feed.yaml', feed(folder.topic, whole));
    expect(await folder.load({ files, feed: path, limit: 3 })).toMatchObject({ state: 'COMPLETED', rows: 3 });
    expect(await folder.values()).toEqual(quoteValues(3));
    expect(await folder.load({ files, feed: path })).toMatchObject({ rows: 10, run: { rows: 7 } });
    expect(await folder.values()).toEqual(quoteValues(10));
  });

  test('that keeps rejected rows and names no place for them has one of the command line', async () => {
    const folder = await LoadFolder.make();
    const files = [await folder.write('a.csv', quotes(10, 5))];
    const path = await folder.write('feed.yaml', feed(folder.topic, { 'errors.tolerance': 'all' }));
    const result = await folder.load({ files, feed: path, deadLetterFile: folder.at('bad.csv') });
    expect(result).toMatchObject({ state: 'COMPLETED', rows: 10, rejected: 2 });
    expect(readFileSync(folder.at('bad.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(3);
  });
});

describe('a folder of data', () => {
  test('is loaded feed by feed, each with the files of its pattern, reference data first, with one summary', async () => {
    const folder = await LoadFolder.make();
    const feeds: string[] = [];
    for (const name of ['trades', 'quotes', 'reference']) {
      const topic = `${folder.topic}-${name}`;
      const options = { 'input.file.pattern': `${name}-*.csv`, 'errors.tolerance': null };
      feeds.push(await folder.write(`${name}.yaml`, feed(topic, options)));
      await folder.write(`day/${name}/${name}-1.csv`, quotes(3));
    }
    await folder.write('day/.hidden/trades-2.csv', quotes(3));
    const jobs: string[] = [];
    const result = await folder.load({
      dataDir: folder.at('day'),
      feed: feeds,
      deadLetterFile: folder.at('bad.csv'),
      onProgress: ({ job }) => jobs.at(-1) !== job && jobs.push(job),
    });
    const names = ['reference', 'trades', 'quotes'].map((name) => `${folder.topic}-${name}-load`);
    expect(jobs).toEqual(names);
    expect(result).toMatchObject({ job: names.join(','), state: 'COMPLETED', rows: 9 });
    expect(result.files.map(({ file }) => file.split('/').at(-1))).toEqual([
      'reference-1.csv',
      'trades-1.csv',
      'quotes-1.csv',
    ]);
    expect(Object.values(result.topics)).toEqual([3, 3, 3]);
  });

  test('with a file that two feeds would pick is a mistake, and nothing is read', async () => {
    const folder = await LoadFolder.make();
    const feeds: string[] = [];
    for (const [name, pattern] of [
      ['trades', '*.csv'],
      ['quotes', 'quotes*.csv'],
    ] as const) {
      const topic = `${folder.topic}-${name}`;
      feeds.push(await folder.write(`${name}.yaml`, feed(topic, { 'input.file.pattern': pattern })));
      await folder.write(`day/${name}.csv`, quotes(3));
    }
    await expect(folder.load({ dataDir: folder.at('day'), feed: feeds })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(
        /^\S+day\/quotes\.csv: is picked by \*\.csv \(\S+-trades\) and quotes\*\.csv \(\S+-quotes\)\ngive each feed /,
      ),
    });
  });

  test('has the rejected rows of each feed in a file of its own, beside each other', async () => {
    const folder = await LoadFolder.make();
    const feeds: string[] = [];
    for (const name of ['trades', 'quotes']) {
      const options = { 'input.file.pattern': `${name}-*.csv`, 'errors.tolerance': 'all' };
      feeds.push(await folder.write(`${name}.yaml`, feed(`${folder.topic}-${name}`, options)));
      await folder.write(`day/${name}-1.csv`, quotes(name === 'trades' ? 10 : 20, 5));
    }
    const load = () =>
      folder.load({ dataDir: folder.at('day'), feed: feeds, deadLetterFile: folder.at('bad/rows.csv') });
    expect(await load()).toMatchObject({ state: 'COMPLETED', rejected: 6 });
    const result = await load();
    const letters = result.jobs.map(({ deadLetterFile }) => deadLetterFile as string);
    expect(letters).toEqual(
      ['trades', 'quotes'].map((name) => folder.at(`bad/rows.${folder.topic}-${name}.csv`)),
    );
    expect(letters.map((path) => readFileSync(path, 'utf8').trimEnd().split('\n').length - 1)).toEqual([
      2, 4,
    ]);
    expect(readdirSync(folder.at('bad'))).toHaveLength(2);
  });

  test('in which no feed finds a file is a mistake', async () => {
    const folder = await LoadFolder.make();
    const path = await folder.write('feed.yaml', feed(folder.topic, { 'input.file.pattern': '*.tsv' }));
    await expect(folder.load({ dataDir: folder.path, feed: path })).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
      message: expect.stringContaining(`expected *.tsv (${folder.topic})`),
    });
  });
});
