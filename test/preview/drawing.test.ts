import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawPreview } from '../../src/preview/draw/draw-preview.ts';
import { widthOf } from '../../src/terminal/text.ts';
import { feedWith, TYPED, tracesOf } from '../dry-run/support.ts';

const plain = (width: number) => ({ width, paint: (_style: unknown, text: string) => text });

async function drawn(feed: string, rows: string, width = 80): Promise<string> {
  const config = await feedWith(feed);
  const traces = await tracesOf(config, rows);
  return drawPreview({ file: 'rows.csv', rows: traces, isWhole: true, notes: [] }, config, plain(width));
}

describe('the drawing of a row', () => {
  test('has a line for each field and a column for each stage that changes fields', async () => {
    expect(await drawn(TYPED, 'symbol,price,note\nBHP,45.20,x\n')).toBe(`\
rows.csv through feed: parse → validate → route

row 1, line 2
            parse (csv)  validate (schema)
  symbol    BHP
  price     45.20        45.2 (double)
  note      x            - removed
  route     topic trades, key BHP
  sent      to trades, partition 4 (by key), 29 bytes of json
            {"symbol":"BHP","price":45.2}

the only row: 1 would be sent to trades, 0 rejected, 0 filtered
`);
  });

  test('marks the cell at fault and says where the row goes', async () => {
    const dead = 'errors.tolerance: all\nerrors.deadletterqueue.topic.name: trades.dlq\n';
    expect(await drawn(TYPED + dead, 'symbol,price\nBHP,x\n')).toContain(`
  symbol    BHP
  price     x            ✗ rejected
  rejected  validate: price: expected a double, got "x"
            this goes to trades.dlq:
            BHP,x
`);
  });

  test('says that the feed would stop where it has no dead-letter queue', async () => {
    const text = await drawn(TYPED, 'symbol,price\nBHP,1\nBHP,x\n');
    expect(text).toContain('the feed would stop here (errors.tolerance: none)');
    expect(text).toMatch(
      /all 2 rows: 1 would be sent to trades, 1 rejected, 0 filtered\nthe feed would stop at row 2: /,
    );
  });

  test('shows a row that cannot be parsed as it stands in the file', async () => {
    expect(await drawn(TYPED, 'symbol,price\nBHP,1,2,3\n')).toMatch(
      /rejected {2}parse: .+\n.+\n {12}BHP,1,2,3\n/,
    );
  });

  test('leaves out what no stage touches where there are many fields, and says so', async () => {
    const columns = Array.from({ length: 40 }, (_, index) => `c${index}`);
    const feed = `transforms: parse,cast,route
transforms.cast.type: Cast$Value
transforms.cast.spec: "c7:int64"
transforms.route.type: route
transforms.route.topic: wide
`;
    const text = await drawn(feed, `${columns}\n${columns.map((_, index) => index)}\n`);
    expect(text).toContain(
      '  c7        7            (long)\n  … and 39 more fields, as they came; --json has them\n',
    );
  });

  test('puts stages that do not fit side by side below each other', async () => {
    const feed = `transforms: parse,one,two,route
transforms.one.type: InsertField$Value
transforms.one.static.field: venue
transforms.one.static.value: ASX
transforms.two.type: InsertField$Value
transforms.two.static.field: country
transforms.two.static.value: AU
transforms.route.type: route
transforms.route.topic: trades
`;
    expect(await drawn(feed, 'symbol\nBHP\n', 60)).toContain(`
            parse (csv)  one (InsertField$Value)
  symbol    BHP
  venue                  + ASX
            two (InsertField$Value)
  country   + AU
`);
  });

  test('keeps to the width of the terminal, whatever is in the rows', async () => {
    const config = await feedWith(TYPED);
    const cell = fc
      .string({ unit: 'grapheme', maxLength: 60 })
      .map((text) => `"${text.replaceAll('"', '""')}"`);
    await fc.assert(
      fc.asyncProperty(cell, cell, fc.integer({ min: 40, max: 140 }), async (symbol, price, width) => {
        const rows = await tracesOf(config, `symbol,price\n${symbol},${price}\n${symbol},1\n`);
        const text = drawPreview({ file: 'rows.csv', rows, isWhole: true, notes: [] }, config, plain(width));
        for (const line of text.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(width);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: there must be none
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      }),
      { numRuns: 60 },
    );
  });
});
