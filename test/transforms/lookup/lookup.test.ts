import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SourceRecord } from '../../../src/plugin/index.ts';
import lookup from '../../../transforms/lookup/index.ts';
import schema from '../../../transforms/schema/index.ts';
import { expected, outcome, schemaOf } from '../connect/shared/support.ts';
import { makeTransformation, problemsOf, recordOf } from '../support.ts';

const COMPANIES = `symbol,name,company_id
BHP,"BHP Group, Limited",101
RIO,Rio Tinto,
"7",Seven,107
`;

/** A reference file that is gone with the test. */
function fileOf(content: string | Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-lookup-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'companies.csv');
  writeFileSync(file, content);
  return file;
}

/** What becomes of a row. */
async function looked(
  before: Partial<SourceRecord>,
  options: Readonly<Record<string, unknown>> = {},
  content: string | Buffer = COMPANIES,
) {
  const file = fileOf(content);
  const after = await outcome(lookup, { key: 'symbol', fields: ['company_id'], ...options, file }, before);
  return typeof after === 'string' ? after.replace(file, 'companies.csv') : after;
}

const valueSchema = schemaOf({ symbol: 'string' });
const company = { name: 'company_id', type: 'string', optional: true } as const;

describe('lookup', () => {
  it('adds fields of the row with the same key, as text', async () => {
    const before = { value: { symbol: 'BHP' } };
    const value = { symbol: 'BHP', name: 'BHP Group, Limited', company_id: '101' };
    expect(await looked(before, { fields: ['name', 'company_id'] })).toEqual(expected(before, { value }));
  });

  it('adds them to the schema as optional strings', async () => {
    const before = { value: { symbol: 'BHP' }, valueSchema };
    const after = {
      value: { symbol: 'BHP', company_id: '101' },
      valueSchema: { name: 'Row', fields: [...valueSchema.fields, company] },
    };
    expect(await looked(before)).toEqual(expected(before, after));
  });

  it.each([['7'], [7], [7n]])('finds %o, whatever its type', async (id) => {
    const before = { value: { id } };
    const options = { key: 'id', fileKey: 'symbol' };
    expect(await looked(before, options)).toEqual(expected(before, { value: { id, company_id: '107' } }));
  });

  it.each([
    ['is in the file with an empty cell', 'RIO'],
    ['is not in the file', 'XYZ'],
    ['is nothing', null],
    ['is a property of every object', 'constructor'],
  ])('adds null for a key that %s', async (_, symbol) => {
    const before = { value: { symbol } };
    expect(await looked(before)).toEqual(expected(before, { value: { symbol, company_id: null } }));
  });

  it.each([
    ['XYZ', 'LookupMissed: symbol: no row for "XYZ" in companies.csv'],
    ['', 'LookupMissed: symbol: the row has no value to look up in companies.csv'],
  ])('rejects the row of %j on request', async (symbol, rejection) => {
    expect(await looked({ value: { symbol } }, { onMissing: 'reject' })).toBe(rejection);
  });

  it('takes an empty cell in the file for an answer', async () => {
    const before = { value: { symbol: 'RIO' } };
    const after = { value: { symbol: 'RIO', company_id: null } };
    expect(await looked(before, { onMissing: 'reject' })).toEqual(expected(before, after));
  });

  it('fills an optional field of the schema that has nothing in it', async () => {
    const trade = { name: 'Trade', fields: [...valueSchema.fields, company] };
    const before = { value: { company_id: null, symbol: 'BHP' }, valueSchema: trade };
    expect(await looked(before)).toEqual(expected(before, { value: { company_id: '101', symbol: 'BHP' } }));
  });

  it('leaves an empty cell as it is where it has nothing to fill it with', async () => {
    const before = { value: { symbol: 'XYZ', company_id: '' } };
    expect(await looked(before)).toEqual(expected(before, {}));
  });

  it('does not write over a value', async () => {
    expect(await looked({ value: { symbol: 'BHP', company_id: '9' } })).toBe(
      'DuplicateField: the row has a value in field "company_id" already; rename or drop one of the two',
    );
  });

  it('before schema has its columns typed there', async () => {
    const validate = await makeTransformation(schema, {
      fields: { symbol: 'string', company_id: 'long', 'company_id.optional': 'true' },
    });
    const ids = ['BHP', 'RIO', 'XYZ'].map(async (symbol) => {
      const record = (await looked({ value: { symbol } })) as SourceRecord;
      validate.apply(record);
      return (record.value as Record<string, unknown>).company_id;
    });
    expect(await Promise.all(ids)).toEqual([101n, null, null]);
  });

  it('lets a tombstone pass', async () => {
    const before = { value: null, valueSchema };
    expect(await looked(before, { onMissing: 'reject' })).toEqual(expected(before, {}));
  });

  it('gives records of one schema one schema', async () => {
    const options = { file: fileOf(COMPANIES), key: 'symbol', fields: ['company_id'] };
    const transformation = await makeTransformation(lookup, options);
    onTestFinished(() => transformation.close?.());
    const schemas = ['BHP', 'XYZ'].map((symbol) => {
      const record = { ...recordOf({ symbol }), valueSchema };
      transformation.apply(record);
      return record.valueSchema;
    });
    expect(schemas[0]).toBe(schemas[1]);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ fields: ['a', 'b', 'a'] }, 'fields: names "a" more than once'],
    [{ fields: ['symbol'] }, 'fields: names "symbol", which the record has: it is the key'],
  ])('does not take %j', (options, problem) => {
    expect(problemsOf(lookup, { file: '/companies.csv', key: 'symbol', ...options })).toEqual([problem]);
  });
});

describe('the reference file', () => {
  it('may have a byte order mark, Windows line ends, empty lines and quotes', async () => {
    const content = '\ufeffsymbol,company_id\r\n\r\n"BHP","1\r\n01"\r\n';
    const before = { value: { symbol: 'BHP' } };
    const after = { value: { symbol: 'BHP', company_id: '1\r\n01' } };
    expect(await looked(before, {}, content)).toEqual(expected(before, after));
  });

  it.each<[title: string, content: string | Buffer, reason: string | RegExp]>([
    ['is empty', '', 'expected a header with the names of the columns, got an empty file'],
    [
      'lacks a column',
      'symbol,company-id\nBHP,1\n',
      'expected a column "company_id", got "symbol", "company-id"; did you mean "company-id"?',
    ],
    ['has a column twice', 'symbol,company_id,symbol\n', 'has more than one column "symbol"'],
    [
      'has a key twice',
      'symbol,company_id\nBHP,1\nRIO,2\nBHP,3\n',
      'symbol "BHP" stands in lines 2 and 4; a key may have one row only',
    ],
    ['has a row without a key', 'symbol,company_id\nBHP,1\n,2\n', 'line 3: the key column symbol is empty'],
    ['has a row with too few cells', 'symbol,company_id\nBHP\n', /Invalid Record Length.* on line 2/],
    ['has a quote that does not end', 'symbol,company_id\n"BHP,1\n', /Quote Not Closed/],
    ['is not UTF-8', Buffer.of(0x61, 0xff, 0x0a), 'expected UTF-8, got other bytes'],
  ])('that %s is one clear mistake in the configuration', async (_, content, reason) => {
    const error = await looked({ value: { symbol: 'BHP' } }, {}, content).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', retriable: false });
    expect((error as Error).message).toMatch(/^lookup: file \/.*\/companies\.csv: /);
    expect((error as Error).message).toMatch(reason);
  });

  it('that is not there is one, too', async () => {
    const options = { file: '/nowhere/companies.csv', key: 'symbol', fields: ['company_id'] };
    await expect(makeTransformation(lookup, options)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^lookup: file \/nowhere\/companies\.csv: no such file$/),
    });
  });
});
