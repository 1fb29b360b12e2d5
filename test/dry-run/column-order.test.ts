import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { compileJsonCells } from '../../src/converters/json/cells.ts';
import { ownForm } from '../../src/converters/json/forms.ts';
import { plainText } from '../../src/dry-run/data-text.ts';
import { previewRows } from '../../src/preview/preview.ts';
import { previewJson } from '../../src/preview/preview-json.ts';
import { parsedPlan } from '../../src/rows/parsed-plan.ts';
import { cellsOf, releaseCells, writtenCells } from '../converters/cells/cells.ts';
import { feedWith, tracesOf } from './support.ts';

const plugins = mkdtempSync(join(tmpdir(), 'headrace-order-'));
afterAll(() => rmSync(plugins, { recursive: true }));

/** Vitest does not let a plugin import `headrace/plugin`; a plugin is an ordinary object without it as well. */
function plugin(name: string, apply: string): void {
  const text = `export default { kind: 'transformation', name: '${name}', doc: 'x', config: {}, create: () => ({ apply: ${apply} }) };`;
  writeFileSync(join(plugins, `${name}.mjs`), text);
}

const FILE = 'country,2020,2019\nAU,1,2\n';
const ROUTE = 'transforms.route.type: route\ntransforms.route.topic: t\n';

/** The value as the sink would send it, behind the transformations of these lines. */
async function sent(lines: string, content = FILE, labels = 'x'): Promise<string> {
  const config = await feedWith(`transforms: parse,${labels},route\n${ROUTE}${lines}`, plugins);
  const [row] = await tracesOf(config, content);
  if (row?.outcome.kind !== 'sent') throw new Error(plainText(row?.outcome));
  return String(row.outcome.records[0]?.value.bytes);
}

describe('columns whose names are whole numbers keep their places', () => {
  plugin('in-place', '(record) => { record.value.sum = 3; delete record.value[2019]; return record; }');
  plugin('anew', '(record) => ({ ...record, value: { ...record.value, sum: 3 } })');
  plugin('later', 'async (record) => ({ ...record, value: { ...record.value, sum: 3 } })');
  plugin('several', '(record) => [record, { ...record, value: { ...record.value } }]');
  plugin(
    'renaming',
    '(record) => { const { 2020: last, ...value } = record.value; return { ...record, value: { ...value, last } }; }',
  );

  test.each([
    [
      'InsertField$Value',
      'transforms.x.static.field: f\ntransforms.x.static.value: v',
      '{"country":"AU","2020":"1","2019":"2","f":"v"}',
    ],
    ['ReplaceField$Value', 'transforms.x.renames: country:2021', '{"2021":"AU","2020":"1","2019":"2"}'],
    ['ReplaceField$Value', 'transforms.x.renames: 2020:last', '{"country":"AU","last":"1","2019":"2"}'],
    ['ReplaceField$Value', 'transforms.x.exclude: "2020"', '{"country":"AU","2019":"2"}'],
    ['Cast$Value', 'transforms.x.spec: 2020:int32', '{"country":"AU","2020":1,"2019":"2"}'],
    ['MaskField$Value', 'transforms.x.fields: "2020"', '{"country":"AU","2020":"","2019":"2"}'],
    ['HoistField$Value', 'transforms.x.field: 7', '{"7":{"country":"AU","2020":"1","2019":"2"}}'],
    ['Flatten$Value', '', '{"country":"AU","2020":"1","2019":"2"}'],
    [
      'HeaderFrom$Value',
      'transforms.x.fields: country\ntransforms.x.headers: h\ntransforms.x.operation: move',
      '{"2020":"1","2019":"2"}',
    ],
    [
      'constants',
      'transforms.x.fields.9: n\ntransforms.x.fields.1: m',
      '{"country":"AU","2020":"1","2019":"2","9":"n","1":"m"}',
    ],
    ['in-place', '', '{"country":"AU","2020":"1","sum":3}'],
    ['anew', '', '{"country":"AU","2020":"1","2019":"2","sum":3}'],
    ['later', '', '{"country":"AU","2020":"1","2019":"2","sum":3}'],
    ['several', '', '{"country":"AU","2020":"1","2019":"2"}'],
    ['renaming', '', '{"country":"AU","2019":"2","last":"1"}'],
  ])('through %s %j', async (type, options, expected) => {
    expect(await sent(`transforms.x.type: ${type}\n${options}\n`)).toBe(expected);
  });

  test('in the order of the schema', async () => {
    const fields = ['2019: int', 'country: string', '2020: int', '0: string', '0.default: x'];
    const lines = fields.map((field) => `transforms.x.fields.${field}\n`).join('');
    const expected = '{"2019":2,"country":"AU","2020":1,"0":"x"}';
    expect(await sent(`transforms.x.type: schema\n${lines}`)).toBe(expected);
    const after = `transforms.y.type: ReplaceField$Value\ntransforms.y.renames: country:2021\n`;
    expect(await sent(`transforms.x.type: schema\n${lines}${after}`, FILE, 'x,y')).toBe(
      expected.replace('country', '2021'),
    );
  });

  test('without a header, and in a key of several fields', async () => {
    const config = await feedWith(
      `transforms: parse,route\ntransforms.parse.header: false\ntransforms.parse.columns: z,2,1\n${ROUTE}transforms.route.key: z,2,1\nkey.converter: json\n`,
    );
    const [row] = await tracesOf(config, 'a,b,c\n');
    if (row?.outcome.kind !== 'sent') throw new Error('not sent');
    const [record] = row.outcome.records;
    expect(String(record?.key.bytes)).toBe('{"z":"a","2":"b","1":"c"}');
    expect(String(record?.value.bytes)).toBe('{"z":"a","2":"b","1":"c"}');
  });

  test('in what preview shows of each stage', async () => {
    const path = join(plugins, 'rows.csv');
    writeFileSync(path, FILE);
    const config = await feedWith(`transforms: parse,x,route\n${ROUTE}transforms.x.type: anew\n`, plugins);
    const rows = previewRows(config, { shown: 'rows.csv', path, absolute: path }, 10);
    let text = '';
    for await (const piece of previewJson('feed', 'rows.csv', rows)) text += piece;
    expect(text).toContain('"value":{"country":"AU","2020":"1","2019":"2"}');
    expect(text).toContain('"data":{"country":"AU","2020":"1","2019":"2","sum":3}');
  });

  test('in rows that are written from their cells', () => {
    const plan = { ...parsedPlan(['country', '2020', '2019'], ''), topic: 't' };
    const options = { formOf: ownForm(false), head: Buffer.alloc(0), tail: '', isClosed: false };
    const writer = compileJsonCells(plan, options);
    const cells = cellsOf([['AU', '1', '2']]);
    const text = writer === null ? 'none' : String(writtenCells(writer, cells, 0, 3));
    releaseCells(cells);
    expect(text).toBe('{"country":"AU","2020":"1","2019":"2"}');
  });
});

test('names that every object has are columns like any other', async () => {
  const content = 'constructor,__proto__,toString,hasOwnProperty,1\na,b,c,d,e\n';
  const expected = '{"constructor":"a","__proto__":"b","toString":"c","hasOwnProperty":"d","1":"e"}';
  expect(await sent('transforms.x.type: Flatten$Value\n', content)).toBe(expected);
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', '1'];
  const fields = names.map((name) => `transforms.x.fields.${name}: string\n`).join('');
  expect(await sent(`transforms.x.type: schema\n${fields}`, content)).toBe(expected);
  expect(await sent('transforms.x.type: anew\n', content)).toBe(expected.replace('}', ',"sum":3}'));
  const renames =
    'transforms.x.type: ReplaceField$Value\ntransforms.x.renames: toString:__proto__\ntransforms.x.exclude: __proto__\n';
  expect(await sent(renames, content)).toBe(
    '{"constructor":"a","__proto__":"c","hasOwnProperty":"d","1":"e"}',
  );
});
