import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { LoadResult } from '../../../src/load/load-result.ts';
import { LoadFolder, quotes, SCHEMA } from '../../load/support.ts';
import { headrace } from '../support/run-command.ts';

const sorted = (values: readonly object[]) => values.map((value) => JSON.stringify(value)).sort();

describe('a load to a topic', () => {
  test.for([
    ['a tab', '\t'],
    ['";"', ';'],
    ['"|"', '|'],
    ['"^"', '^'],
    [String.raw`"\u0001"`, '\u0001'],
  ])('sees that the cells of a file have %s between them, and tells', async ([name, delimiter]) => {
    const folder = await LoadFolder.make();
    await folder.write('f.tsv', 'a,b\n1,2\n3,4\n'.replaceAll(',', delimiter as string));
    const { code, stderr } = await folder.run(['f.tsv', '--topic', folder.topic, '--key', 'a']);
    expect(stderr).toBe(`f.tsv: ${name} seems to stand between its cells; --delimiter says what does\n`);
    expect(code).toBe(0);
    expect(await folder.values()).toEqual(
      sorted([
        { a: '1', b: '2' },
        { a: '3', b: '4' },
      ]),
    );
  });

  test.for([
    ['its cells seem to stand at fixed places', 'SYM   PRICE  QTY\nBHP   45.12  200\nCBA  131.40   50\n'],
    ['its lines that begin with # seem to be comments', '# of today\na,b\n1,2\n3,4\n'],
    ['its header seems to be on line 3', 'Prices\n\na,b\n1,2\n3,4\n'],
    ['it seems to have no header', '1,2.5\n3,4.5\n'],
    ["its cells seem to be quoted by '", "a,b\n'1,5','2'\n'3','4,5'\n"],
    ['its cells seem to have white space around them', 'a, b\n1, 2\n3, 4\n'],
  ])('tells that %s, which takes a feed', async ([oddity, text]) => {
    const folder = await LoadFolder.make();
    await folder.write('f.csv', text as string);
    await folder.write('g.csv', text as string);
    const { stderr } = await folder.run(['f.csv', 'g.csv', '--topic', folder.topic, '--dry-run']);
    expect(stderr).toBe(
      `f.csv: ${oddity}; that takes a feed, and headrace preview FILE --save feed.yaml writes one\n`,
    );
  });

  test('tells how JSON lines are made of a list', async () => {
    const folder = await LoadFolder.make();
    await folder.write('f.json', '[\n{"a": 1},\n{"a": 2}\n]\n');
    const { stderr } = await folder.run(['f.json', '--topic', folder.topic, '--dry-run']);
    expect(stderr).toContain(
      "f.json: it seems to be JSON, and no JSON lines, which `jq -c '.[]'` makes of a list\n",
    );
  });

  test('sees it in standard input, and in a compressed file', async () => {
    const { gzipSync } = await import('node:zlib');
    const folder = await LoadFolder.make();
    await folder.write('a.csv.gz', gzipSync('a\tb\n1\t2\n'));
    const process = folder.start(['a.csv.gz', '-', '--topic', folder.topic]);
    process.child.stdin?.end('a\tb\n3\t4\n');
    expect((await process.ended).code).toBe(0);
    expect(await folder.values()).toEqual(
      sorted([
        { a: '1', b: '2' },
        { a: '3', b: '4' },
      ]),
    );
  });

  test('takes the delimiter that it is told', async () => {
    const folder = await LoadFolder.make();
    await folder.write('f.csv', 'a;b\n1;2,5\n');
    await folder.write('g.csv', 'c\td\n1\t2\n');
    const semicolon = await folder.run(['f.csv', '--topic', folder.topic, '--delimiter', ';']);
    expect(semicolon).toMatchObject({ code: 0, stderr: '' });
    const tab = await folder.run(['g.csv', '--topic', folder.topic, '--delimiter', '\t']);
    expect(tab).toMatchObject({ code: 0, stderr: '' });
    expect(await folder.values()).toEqual(
      sorted([
        { a: '1', b: '2,5' },
        { c: '1', d: '2' },
      ]),
    );
  });

  test('sees JSON lines by what is in them, and takes the keys of all that it looked at for columns', async () => {
    const folder = await LoadFolder.make();
    await folder.write('a.ndjson', '{"a":"x","n":{"b":1.50}}\n{"a":"y","c":[1]}\nno JSON\n');
    await folder.write('b.txt', '{"a":"z","d":null}\n');
    const args = ['a.ndjson', 'b.txt', '--topic', folder.topic, '--key', 'a', '--dlq', 'bad.csv'];
    const { code, stderr } = await folder.run(args);
    expect(stderr).not.toContain('--delimiter');
    expect(code).toBe(1);
    const nothing = { a: '', 'n.b': '', c: '', d: '' };
    expect(await folder.values()).toEqual(
      sorted([
        { ...nothing, a: 'x', 'n.b': '1.50' },
        { ...nothing, a: 'y', c: '[1]' },
        { ...nothing, a: 'z' },
      ]),
    );
    expect(readFileSync(folder.at('bad.csv'), 'utf8')).toContain('no JSON');
  });

  test('takes the types of a schema, and no other keys of JSON lines', async () => {
    const folder = await LoadFolder.make();
    await folder.write('a.jsonl', '{"note":1,"price":1.50,"symbol":"BHP"}\n{"symbol":"RIO","price":"x"}\n');
    await folder.write('s.avsc', SCHEMA);
    const { code } = await folder.run(['a.jsonl', '--topic', folder.topic, '--schema', 's.avsc']);
    expect(code).toBe(1);
    expect(await folder.values()).toEqual(sorted([{ symbol: 'BHP', price: 1.5 }]));
  });

  test('takes a file for JSON lines by its name too, so that it is told what is wrong with it', async () => {
    const folder = await LoadFolder.make();
    await folder.write('a.jsonl', '[{"a":1},\n{"a":2}]\n');
    const { code, stderr } = await folder.run(['a.jsonl', '--topic', folder.topic]);
    expect(stderr).toContain('none of its first 2 lines is a JSON object with keys');
    expect(code).toBe(2);
  });

  test('refuses JSON lines beside others', async () => {
    const folder = await LoadFolder.make();
    await folder.write('a.csv', 'a,b\n1,2\n');
    await folder.write('b.jsonl', '{"a":1}\n');
    const { code, stderr } = await folder.run(['a.csv', 'b.jsonl', '--topic', folder.topic]);
    expect(stderr).toContain(
      'a.csv has "," between its cells, and b.jsonl JSON lines; load them one after the other, or give --delimiter',
    );
    expect(code).toBe(2);
  });

  test('goes on without a file among others that lacks the key', async () => {
    const folder = await LoadFolder.make();
    await folder.write('a.csv', 'symbol,price\nBHP,1\n');
    await folder.write('b.csv', 'sym,price\nBHP,2\n');
    const { code, stderr } = await folder.run(['a.csv', 'b.csv', '--topic', folder.topic, '--key', 'symbol']);
    expect(stderr).toContain('b.csv: no column "symbol"; the header has sym, price.');
    expect(code).toBe(1);
    expect(await folder.values()).toEqual(sorted([{ symbol: 'BHP', price: '1' }]));
  });

  test('sends no more than --limit says, of several files, and goes on behind it later', async () => {
    const folder = await LoadFolder.make();
    await folder.write('a.csv', 'n\n1\n2\n3\n');
    await folder.write('b.csv', `n\n${'4\n5\n6\n7\n'.repeat(50_000)}`);
    await folder.write('c.csv', 'n\n8\n');
    const args = ['a.csv', 'b.csv', 'c.csv', '--topic', folder.topic, '--json'];
    const first = await folder.run([...args, '--limit', '5']);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const result: LoadResult = JSON.parse(first.stdout);
    expect(result).toMatchObject({ state: 'COMPLETED', rows: 5, run: { rows: 5 } });
    expect(result.files).toMatchObject([
      { file: 'a.csv', state: 'COMPLETED', rowLimit: null, rows: 3 },
      { file: 'b.csv', state: 'COMPLETED', rowLimit: 2, rows: 2 },
    ]);
    const numbers = async () => (await folder.values()).map((value) => JSON.parse(value).n).sort();
    expect(await numbers()).toEqual(['1', '2', '3', '4', '5']);
    const again: LoadResult = JSON.parse((await folder.run([...args, '--limit', '5'])).stdout);
    expect(again).toMatchObject({ state: 'COMPLETED', wasDelivered: true, rows: 5, run: { rows: 0 } });
    const more: LoadResult = JSON.parse((await folder.run([...args, '--limit', '7'])).stdout);
    expect(more).toMatchObject({ rows: 7, run: { rows: 2 } });
    const all: LoadResult = JSON.parse((await folder.run(args)).stdout);
    expect(all).toMatchObject({ rows: 200_004, run: { rows: 199_997 } });
    expect((await numbers()).length).toBe(200_004);
  }, 120_000);

  test('compresses what it sends', async () => {
    const folder = await LoadFolder.make();
    await folder.write('a.csv', quotes(2));
    const { code } = await folder.run(['a.csv', '--topic', folder.topic, '--compression', 'zstd']);
    expect(code).toBe(0);
    expect(await folder.values()).toHaveLength(2);
  });
});

describe('a dry run', () => {
  test('says what a load would come to, by table, object and code, and sends nothing', async () => {
    const folder = await LoadFolder.make();
    await folder.write('quote.avsc', SCHEMA);
    await folder.write('a.csv', quotes(10, 5));
    await folder.write('b.csv', 'symbol\nBHP\n');
    const args = ['a.csv', 'b.csv', '--topic', folder.topic, '--schema', 'quote.avsc', '--key', 'symbol'];
    const dry = await folder.run([...args, '--dry-run'], { HEADRACE_BOOTSTRAP_SERVERS: 'localhost:1' });
    expect(dry.stdout).toMatch(/^✗ failed {2}\S+-load: 1 of 2 files read and nothing sent \(--dry-run\)$/m);
    expect(dry.stdout).toContain('  a.csv row 5 (line 6): price: expected a double, got "n/a"\n');
    expect(dry.stderr).toMatch(/^\S+b\.csv: no column "price"; the header has symbol\. Without it /);
    expect(dry.stderr).not.toContain('To go on');
    expect(await folder.values()).toEqual([]);
    expect(readdirSync(folder.path).sort()).toEqual(['a.csv', 'b.csv', 'quote.avsc']);
    const run = await folder.run([...args, '--dry-run', '--json']);
    const [would, did]: LoadResult[] = [run, await folder.run([...args, '--json'])].map(({ stdout }) =>
      JSON.parse(stdout),
    );
    const figures = { state: 'FAILED', rows: 10, produced: 8, rejected: 2, bytes: did?.bytes };
    expect(would).toMatchObject({ ...figures, topics: { [folder.topic]: 8 } });
    expect(did).toMatchObject(figures);
    expect(would?.files.map(({ state }) => state)).toEqual(did?.files.map(({ state }) => state));
    expect(would?.dryRun?.examples.map(({ row }) => row)).toEqual([5, 10]);
    expect(dry.code).toBe((await folder.run(args)).code);
  });

  test.for([
    ['a file that is whole', quotes(4), [], 0],
    ['rejected rows', quotes(10, 5), [], 1],
    ['more rejected rows than --max-errors allows', quotes(10, 2), ['--max-errors', '3'], 3],
    ['a file that cannot be parsed', 'symbol,"price"x\nBHP,1\n', [], 2],
    ['rows that are not looked at', quotes(10, 5), ['--limit', '4'], 0],
  ] as const)('ends with the code of the load: %s', async ([, content, args, code]) => {
    const folder = await LoadFolder.make();
    await folder.write('quote.avsc', SCHEMA);
    await folder.write('a.csv', content);
    const all = ['a.csv', '--topic', folder.topic, '--schema', 'quote.avsc', ...args];
    expect((await folder.run([...all, '--dry-run'])).code).toBe(code);
    expect((await folder.run(all)).code).toBe(code);
  });
});

test('a load that was finished ends with the code that it had, with --json and without', async () => {
  const folder = await LoadFolder.make();
  await folder.write('quote.avsc', SCHEMA);
  await folder.write('a.csv', quotes(10, 5));
  await folder.write('b.csv', quotes(3));
  const args = ['a.csv', 'b.csv', '--topic', folder.topic, '--schema', 'quote.avsc'];
  expect((await folder.run(args)).code).toBe(1);
  const again = await folder.run(args);
  expect(again.stdout).toBe(
    `! ${folder.job}: everything was loaded already, 13 rows (2 of them rejected, in ${folder.job}.rejected.csv) of 2 files; 0 rows now\n`,
  );
  expect(again.code).toBe(1);
  expect((await folder.run([...args, '--json'])).code).toBe(1);
  expect((await folder.run(['b.csv', ...args.slice(2)])).code).toBe(0);
});

test('a load of files that were given up ends with the code that it had, as they still are', async () => {
  const folder = await LoadFolder.make();
  await folder.write('quote.avsc', SCHEMA);
  await folder.write('a.csv', quotes(3));
  await folder.write('b.csv', 'symbol,prize\nBHP,1\n');
  const to = ['--topic', folder.topic, '--schema', 'quote.avsc'];
  const codes: (number | null)[] = [];
  for (const files of [['b.csv'], ['b.csv'], ['a.csv', 'b.csv'], ['a.csv', 'b.csv']]) {
    codes.push((await folder.run([...files, ...to])).code);
  }
  expect(codes).toEqual([2, 2, 1, 1]);
  expect(await folder.values()).toHaveLength(3);
});

describe('rows that a load to a topic has rejected', () => {
  test('are sent again by the command that it tells, mended, through what it made of its own', async () => {
    const folder = await LoadFolder.make();
    await folder.write('quote.avsc', SCHEMA);
    await folder.write('a.tsv', 'symbol\tprice\nBHP\t1\nRIO\tn/a\nWES\t?\n');
    const load = ['a.tsv', '--topic', folder.topic, '--schema', 'quote.avsc', '--key', 'symbol'];
    const { stderr, code } = await folder.run(load);
    expect(code).toBe(1);
    const told = /^To send rejected rows again, .*: \S+ \S+ dlq (replay .*)$/m.exec(stderr)?.[1];
    expect(told).toBe(
      `replay --file ${folder.job}.rejected.csv --to ${folder.topic} --schema quote.avsc --key symbol`,
    );
    const replay = ['dlq', ...(told as string).split(' ')];
    const letters = readFileSync(folder.at(`${folder.job}.rejected.csv`), 'utf8');
    await folder.write('mended.csv', letters.replace('"RIO\tn/a"', '"RIO\t2"').replace('\t?', '\tx'));
    const env = { HEADRACE_BOOTSTRAP_SERVERS: folder.bootstrapServers };
    const run = (...args: string[]) => headrace([...replay, ...args], { cwd: folder.path, env });
    const first = await run('--mended', 'mended.csv', '--json');
    expect(JSON.parse(first.stdout)).toMatchObject({ rows: 2, produced: 1, rejected: 1 });
    expect(first.code).toBe(1);
    await folder.write('mended.csv', letters.replace('\t?', '\t3'));
    const second = await run('--mended', 'mended.csv', '--json');
    expect(JSON.parse(second.stdout)).toMatchObject({ rows: 1, produced: 1, replayed: 1 });
    expect(await folder.values()).toEqual(
      sorted([
        { symbol: 'BHP', price: 1 },
        { symbol: 'RIO', price: 2 },
        { symbol: 'WES', price: 3 },
      ]),
    );
  });
});
