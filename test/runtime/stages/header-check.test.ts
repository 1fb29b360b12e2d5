import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { sourceFile } from '../../../src/dry-run/data-file.ts';
import { traceRows } from '../../../src/dry-run/trace-rows.ts';
import { type HeadraceError, messageOf } from '../../../src/errors.ts';
import type { FileStart, SourceFile } from '../../../src/plugin/index.ts';
import type { RowBatch } from '../../../src/rows/index.ts';
import { HeaderCheck, type TellColumns } from '../../../src/runtime/stages/header-check.ts';
import { feedWith } from '../../dry-run/support.ts';

const plugins = mkdtempSync(join(tmpdir(), 'headrace-columns-'));
afterAll(() => rmSync(plugins, { recursive: true }));

const SCHEMA = `transforms: parse,validate,route
transforms.validate.type: schema
transforms.validate.fields.sym: string
transforms.validate.fields.price: double
transforms.route.type: route
transforms.route.topic: trades
`;
const OPTIONAL = `${SCHEMA}transforms.validate.fields.price.optional: true\n`;
/** A feed without a schema: what its transformations name is found in the header alone. */
const PLAIN = `transforms: parse,plain,route
transforms.route.type: route
transforms.route.topic: t
transforms.plain.type: `;

interface Seen {
  readonly rows: number;
  readonly told: readonly string[];
  /** What the file was given up for. */
  readonly error: string | null;
}

async function look(
  lines: string,
  text: string,
  file: SourceFile = sourceFile('s.csv', null),
): Promise<Seen> {
  const config = await feedWith(lines, plugins);
  const told: string[] = [];
  const chunks = [{ file, bytes: Buffer.from(text), eof: true }];
  const tell: TellColumns = (path, reason, what) => {
    if (what === 'file lacks columns') told.push(`${path}: ${reason}`);
  };
  let rows = 0;
  try {
    for await (const _ of traceRows(config, chunks, { tell })) rows++;
    return { rows, told, error: null };
  } catch (error) {
    expect(error).toMatchObject({ code: 'COLUMNS_MISSING', retriable: false });
    return { rows, told, error: (error as Error).message };
  }
}

describe('a column that the schema does not know', () => {
  const withNew = (word: string) => `${SCHEMA}transforms.validate.new.columns: ${word}\n`;
  /** Files one after another, of which each is told of, or given up for. */
  async function toldOf(lines: string, headers: readonly string[]): Promise<(string | null)[]> {
    const config = await feedWith(lines, plugins);
    const told: string[] = [];
    const check = await HeaderCheck.of(config, (path, reason) => told.push(`${path}: ${reason}`));
    return headers.map((header, index) => {
      const file = sourceFile(`${index}.csv`, null);
      const columns = header.split(',');
      try {
        check.look({ file, columns, rowCount: 1 } as unknown as RowBatch);
        return told.splice(0).join('\n') || null;
      } catch (error) {
        return `${(error as HeadraceError).code} ${messageOf(error)}`;
      }
    });
  }

  test('is told where it is another than in the file before, whatever becomes of it', async () => {
    const headers = [
      'sym,price',
      'sym,price,qty',
      'qty,price,sym',
      'sym,price',
      'sym,price,qty',
      'sym,price,a,qty',
    ];
    const ignored = (index: number, names: string) =>
      `${index}.csv: transforms.validate does not know ${names}. Ignored; to have the columns in records, set transforms.validate.new.columns: added`;
    expect(await toldOf(withNew('ignored'), headers)).toEqual([
      ...[null, ignored(1, 'qty'), null, null, ignored(4, 'qty'), ignored(5, 'a, qty')],
    ]);
    expect(await toldOf(SCHEMA, headers)).toEqual(await toldOf(withNew('ignored'), headers));
    expect((await toldOf(withNew('added'), headers)).at(-1)).toBe(
      '5.csv: transforms.validate does not know a, qty. Added, as strings that may be empty',
    );
    expect(await toldOf(withNew('refused'), headers)).toEqual([
      ...[
        null,
        expect.stringMatching(/^COLUMNS_UNKNOWN 1\.csv: transforms\.validate does not know qty, and /),
      ],
      ...[
        expect.stringMatching(/^COLUMNS_UNKNOWN 2/),
        null,
        ...Array(2).fill(expect.stringContaining('UNKNOWN')),
      ],
    ]);
  });

  test('is none that a template is made of, and no other kind of file is taken for one with new columns', async () => {
    const templated = withNew('added').replace(
      'fields.price: double',
      'fields.price: double\ntransforms.validate.fields.price.from: "{whole}.{cents}"',
    );
    expect(await toldOf(templated, ['sym,whole,cents'])).toEqual([null]);
    const optional = `${withNew('added')}transforms.validate.fields.price.optional: true
transforms.validate.fields.sym.optional: true\n`;
    expect(await toldOf(optional, ['bid,ask'])).toEqual([
      expect.stringMatching(/^COLUMNS_MISSING .*of another kind/),
    ]);
  });

  test('is known behind the schema where it is added', async () => {
    const keyed = (word: string) => `${withNew(word)}transforms.route.key: venue\n`;
    expect(await toldOf(keyed('added'), ['sym,price,venue'])).toEqual([expect.stringContaining('Added')]);
    await expect(feedWith(keyed('ignored'), plugins)).rejects.toThrow('no row has a field "venue" there');
  });
});

describe('a column that the header lacks', () => {
  test('is told once for a file where its cells may be empty, with what the header has and what was meant', async () => {
    expect(await look(OPTIONAL, 'sym,Price,qty\nA,1,2\nB,2,3\n')).toEqual({
      rows: 2,
      told: [
        's.csv: no column "price" (did you mean "Price"?); the header has sym, Price, qty. The rows go on without it ' +
          '(transforms.validate.fields.price); where a column may be absent, say so: ' +
          'transforms.validate.fields.price.absent: true',
      ],
      error: null,
    });
  });

  test('gives the file up before its first row where no row can do without it', async () => {
    expect(await look(SCHEMA, 'sym,Price,qty\nA,1,2\nB,2,3\n')).toEqual({
      rows: 0,
      told: [],
      error:
        's.csv: no column "price" (did you mean "Price"?); the header has sym, Price, qty. Without it no row can pass ' +
        '(transforms.validate.fields.price): is the file of another kind?',
    });
  });

  test('is told where its field has a default', async () => {
    const { told, error } = await look(
      `${SCHEMA}transforms.validate.fields.price.default: "1.5"\n`,
      'sym\nA\n',
    );
    expect(told).toEqual([expect.stringContaining('no column "price"; the header has sym. ')]);
    expect(error).toBeNull();
  });

  test('is not told where the feed says that it may be absent, and gives the file up where it must be there', async () => {
    const absent = (word: boolean) => `${OPTIONAL}transforms.validate.fields.price.absent: ${word}\n`;
    expect(await look(absent(true), 'sym\nA\n')).toEqual({ rows: 1, told: [], error: null });
    const { rows, error } = await look(absent(false), 'sym\nA\n');
    expect(rows).toBe(0);
    expect(error).toContain('no column "price"');
  });

  test('is not told to be done without where the header is refused', async () => {
    const strict = `${OPTIONAL}on.header.change: quarantine\nexpect.columns: sym, price\n`;
    const config = await feedWith(strict, plugins);
    const told: string[] = [];
    const chunks = [{ file: sourceFile('s.csv', null), bytes: Buffer.from('sym\nA\n'), eof: true }];
    const rows = traceRows(config, chunks, { tell: (_, reason) => told.push(reason) });
    await expect(rows.next()).rejects.toMatchObject({ code: 'HEADER_CHANGED' });
    expect(told).toEqual([]);
  });

  test.each(['', 'transforms.validate.fields.bid.absent: true\n'])(
    'gives the file up with all others of its schema: it is of another kind, and not to be sent as nulls %s',
    async (absent) => {
      const quotes = `transforms: parse,validate,route
transforms.validate.type: schema
transforms.validate.fields.bid: double
transforms.validate.fields.bid.optional: true
transforms.validate.fields.ask: double
transforms.validate.fields.ask.default: "0"
${absent}transforms.route.type: route
transforms.route.topic: quotes
`;
      expect(await look(quotes, 'symbol,price\nBHP,1\n')).toEqual({
        rows: 0,
        told: [],
        error:
          's.csv: no column "bid", "ask"; the header has symbol, price. Of 2 fields that transforms.validate takes none ' +
          'is there (transforms.validate.fields.bid, transforms.validate.fields.ask): is the file of another kind?',
      });
      expect((await look(quotes, 'symbol,bid\nBHP,1\n')).rows).toBe(1);
    },
  );

  test('gives the file up with others where less of the schema is there than not, and other columns in their place', async () => {
    const absent = (name: string) => `transforms.validate.fields.${name}.absent: true\n`;
    const optional = (name: string) =>
      `transforms.validate.fields.${name}: double\ntransforms.validate.fields.${name}.optional: true\n`;
    const quotes = `transforms: parse,validate,route
transforms.validate.type: schema
transforms.validate.fields.symbol: string
${optional('bid')}${optional('ask')}transforms.route.type: route
transforms.route.topic: quotes
`;
    expect(await look(quotes, 'symbol,price,qty\nBHP,1,2\n')).toEqual({
      rows: 0,
      told: [],
      error:
        's.csv: no column "bid", "ask"; the header has symbol, price, qty. Of 3 fields that transforms.validate takes only ' +
        '1 is there (transforms.validate.fields.bid, transforms.validate.fields.ask): is the file of another kind? Where a ' +
        'column may be absent, say so: transforms.validate.fields.bid.absent: true',
    });
    const goesOn = { rows: 1, error: null };
    expect(await look(quotes, 'symbol\nBHP\n')).toMatchObject(goesOn);
    expect(await look(quotes, 'symbol,ask,price,qty\nBHP,1,1,2\n')).toMatchObject(goesOn);
    expect(await look(`${quotes}${absent('bid')}`, 'symbol,price\nBHP,1\n')).toMatchObject(goesOn);
  });

  test('is nothing to tell of a file without rows', async () => {
    expect(await look(SCHEMA, 'sym,Price\n')).toEqual({ rows: 0, told: [], error: null });
    expect(await look(SCHEMA, '')).toEqual({ rows: 0, told: [], error: null });
  });

  test('is found again where a file is resumed, by its header', async () => {
    const headBytes = Buffer.from('sym,Price\n');
    const counts = { row: 1, line: 2, produced: 1, filtered: 0, rejected: 0, crc32: 0 };
    const start: FileStart = { position: 14, head: headBytes.length, headBytes, ...counts };
    const { told } = await look(OPTIONAL, 'B,2\n', { ...sourceFile('s.csv', null), start });
    expect(told).toEqual([expect.stringContaining('s.csv: no column "price" (did you mean "Price"?)')]);
  });

  test('may be a matter of the delimiter', async () => {
    const { error } = await look(SCHEMA, 'sym;price\nA;1\n');
    expect(error).toContain(
      'no column "sym", "price"; the header has "sym;price" and nothing else (is transforms.parse.delimiter ";"?)',
    );
  });

  test('is told with names that cannot steer a terminal, and not with all of thousands', async () => {
    const names = Array.from({ length: 3000 }, (_, index) => `c${index}`);
    const { error } = await look(
      SCHEMA,
      `sym,"\u001b[2J\u009b",${names.join(',')}\nA,1${',1'.repeat(3000)}\n`,
    );
    expect(error).toContain('the header has sym, "\\u001b[2J\\u009b", c0');
    expect(error).toContain('c17 and 2982 more');
  });
});

describe('a field that a transformation names', () => {
  test.each([
    ['route.topic', 'route\ntransforms.plain.topic: "t.{exch}"\n'],
    ['route.key', 'route\ntransforms.plain.topic: t\ntransforms.plain.key: exch\n'],
    ['route.partition', 'route\ntransforms.plain.topic: t\ntransforms.plain.partition: "{exch}"\n'],
    ['route.timestamp', 'route\ntransforms.plain.topic: t\ntransforms.plain.timestamp: exch\n'],
    ['route.headers', 'route\ntransforms.plain.topic: t\ntransforms.plain.headers.h: "{exch}"\n'],
    ['sequence.field', 'sequence\ntransforms.plain.field: exch\n'],
    ['sequence.key', 'sequence\ntransforms.plain.field: n\ntransforms.plain.key: exch\n'],
    [
      'lookup.key',
      'lookup\ntransforms.plain.file: ./companies.csv\ntransforms.plain.key: exch\n' +
        'transforms.plain.fields: id\ntransforms.plain.on.missing: reject\n',
    ],
  ])('gives the file up where each row would be rejected: %s', async (_, lines) => {
    writeFileSync(join(plugins, 'companies.csv'), 'exch,id\nASX,1\n');
    const { rows, error } = await look(
      `${PLAIN}${lines.replace('./companies.csv', join(plugins, 'companies.csv'))}`,
      'exchange,n\nASX,1\n',
    );
    expect(error).toMatch(
      /^s\.csv: no column "exch"; the header has exchange, n\. Without it no row can pass \(/,
    );
    expect(rows).toBe(0);
  });

  test.each([
    ['Cast', 'spec: exch:int32'],
    ['ExtractField$Value', 'field: exch'],
    ['HeaderFrom$Value', 'fields: exch\ntransforms.plain.headers: h\ntransforms.plain.operation: copy'],
    ['MaskField$Value', 'fields: exch'],
    ['ReplaceField$Value', 'exclude: exch'],
    ['ReplaceField$Value', 'include: exchange,exch'],
    ['ReplaceField$Value', 'renames: exch:e'],
    ['TimestampConverter$Value', 'field: exch\ntransforms.plain.target.type: unix'],
    ['ValueToKey', 'fields: exch'],
  ])('is told where the rows go on without it, as in Kafka Connect: %s %s', async (type, option) => {
    const name = type === 'Cast' ? 'Cast$Value' : type;
    const routed = 'transforms: parse,plain,route\ntransforms.route.type: route\ntransforms.route.topic: t\n';
    const lines = `${routed}transforms.plain.type: ${name}\ntransforms.plain.${option}\n`;
    const { told } = await look(lines, 'exchange,n\nASX,1\n');
    expect(told).toEqual([
      expect.stringMatching(/^s\.csv: no column "exch"; the header has exchange, n\. The rows go on/),
    ]);
  });

  test('is told where it is looked up, and the fields are null', async () => {
    writeFileSync(join(plugins, 'companies.csv'), 'exch,id\nASX,1\n');
    const lines = `transforms: parse,plain,route\ntransforms.route.type: route\ntransforms.route.topic: "t"
transforms.plain.type: lookup
transforms.plain.file: ${join(plugins, 'companies.csv')}
transforms.plain.key: exch
transforms.plain.fields: id
transforms.route.key: id
`;
    const { told, error } = await look(lines, 'exchange\nASX\n');
    expect(told).toEqual([expect.stringContaining('no column "exch"')]);
    expect(error).toBeNull();
  });

  test('need not be a column: constants, parts of the file name and what was added before are as good', async () => {
    const lines = `transforms: parse,add,source,route
transforms.add.type: constants
transforms.add.fields.region: au
transforms.source.type: source
transforms.route.type: route
transforms.route.topic: "t.{exchange}.{kind}.{region}.{header:file.name}"
transforms.route.constants.exchange: asx
transforms.route.file.pattern: "{kind}.csv"
transforms.route.key: _source_line,region
`;
    expect(await look(lines, 'a\n1\n')).toEqual({ rows: 1, told: [], error: null });
  });

  test('is looked for among those that a transformation before it has left', async () => {
    const lines = `transforms: parse,rename,route
transforms.rename.type: ReplaceField$Value
transforms.rename.renames: symbol:sym
transforms.route.type: route
transforms.route.topic: t
transforms.route.key: symbol
`;
    const { error } = await look(lines, 'symbol,price\nBHP,1\n');
    expect(error).toContain('no field "symbol" in transforms.route, where rows have sym, price.');
  });

  test('may be made by a function of which nothing is known', async () => {
    writeFileSync(
      join(plugins, 'splits.mjs'),
      `export default { kind: 'transformation', name: 'splits', doc: 'x', config: {},
        create: () => ({ apply(record) { record.value.exch = 'ASX'; return record; } }) };`,
    );
    const lines = `transforms: parse,split,route
transforms.split.type: splits
transforms.route.type: route
transforms.route.topic: "t.{exch}"
`;
    expect(await look(lines, 'a\n1\n')).toEqual({ rows: 1, told: [], error: null });
  });

  test.each([
    ['throws', "throw new Error('oh')", 'told: fieldUse threw: oh'],
    ['gives no such thing', 'return 7', 'told: fieldUse: expected { seeks, after }'],
  ])('is told of by a plugin whose fieldUse %s as a mistake of the plugin', async (_, body, message) => {
    const name = body.startsWith('return') ? 'told-seven' : 'told-oh';
    writeFileSync(
      join(plugins, `${name}.mjs`),
      `export default { kind: 'transformation', name: 'told', doc: 'x', config: {},
        fieldUse: () => { ${body}; }, create: () => ({ apply: (record) => record }) };`,
    );
    const feed = feedWith(`transforms: parse,it\ntransforms.it.type: ${name}\n`, plugins);
    await expect(feed).rejects.toMatchObject({ code: 'PLUGIN_INVALID', message });
  });

  test('of some rows alone gives no file up', async () => {
    const lines = `${SCHEMA}transforms.validate.predicate: some
predicates: some
predicates.some.type: HasHeaderKey
predicates.some.name: x
`;
    const { rows, told } = await look(lines, 'sym\nA\n');
    expect(rows).toBe(1);
    expect(told).toEqual([expect.stringContaining('no column "price"')]);
  });
});
