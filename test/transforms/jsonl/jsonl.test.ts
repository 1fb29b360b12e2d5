import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowBatch } from '../../../src/rows/index.ts';
import jsonl from '../../../transforms/jsonl/index.ts';
import { expectSameRowsFromAnyBatch, expectSameRowsHoweverCut } from '../cut-files.ts';
import {
  fakeFile,
  makeParser,
  pluginContext,
  problemsOf,
  pushAll,
  rowsOf,
  type SeenRow,
} from '../support.ts';

function batchesOf(text: string | Buffer, options: Record<string, unknown> = {}): RowBatch[] {
  return pushAll(makeParser(jsonl, options).open(fakeFile()), [Buffer.from(text)]);
}

const read = (text: string | Buffer, options?: Record<string, unknown>): SeenRow[] =>
  rowsOf(batchesOf(text, options));
const outcomes = (rows: readonly SeenRow[]) => rows.map(({ cells, error }) => error ?? cells);
const ABC = { columns: ['a', 'b', 'c'] };
/** The one cell of a value. */
const cellOf = (value: string) => outcomes(read(`{"a":${value}}`, { columns: ['a'] }))[0];

describe('every line is an object, whose values are cells', () => {
  it('in whatever order its keys come', () => {
    expect(read('{"a":"x","b":1,"c":true}\r\n { "c" : "z" , "a" : "y" }\n', ABC)).toEqual([
      { row: 1, line: 1, offset: 0, raw: '{"a":"x","b":1,"c":true}', cells: ['x', '1', 'true'] },
      { row: 2, line: 2, offset: 26, raw: ' { "c" : "z" , "a" : "y" }', cells: ['y', '', 'z'] },
    ]);
  });

  it.each([
    ['""', ''],
    ['"a b"', 'a b'],
    ['"é日𝄞"', 'é日𝄞'],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'],
    ['"\\u0041\\u00e9\\u65E5\\ud834\\udd1e\\u0000"', 'Aé日𝄞\0'],
    ['0', '0'],
    ['-0.50', '-0.50'],
    ['12345678901234567890.123456789012345678', '12345678901234567890.123456789012345678'],
    ['1E+400', '1E+400'],
    ['true', 'true'],
    ['false', 'false'],
    ['null', ''],
    ['{}', '{}'],
    ['[ 1, {"x": "\\u0041"} ]', '[ 1, {"x": "\\u0041"} ]'],
    ['{"x":{"y":[]}}', '{"x":{"y":[]}}'],
  ])('of %s the cell is %j: a text is what it means, everything else as it is written', (value, cell) => {
    expect(cellOf(value)).toEqual([cell]);
  });

  it('lines with nothing in them are passed over', () => {
    expect(
      read('\n{"a":1}\n\n \t\r\n{"a":2}', { columns: ['a'] }).map(({ row, line, cells }) => [
        row,
        line,
        cells,
      ]),
    ).toEqual([
      [1, 2, ['1']],
      [2, 5, ['2']],
    ]);
  });

  it('keys have the names that they have in objects of JavaScript, and nothing happens', () => {
    const columns = ['__proto__', 'constructor', '1', '0'];
    const [batch] = batchesOf('{"0":"x","1":"y","__proto__":{"z":1},"constructor":"c"}', { columns });
    const value = batch?.record(0)?.value as Record<string, unknown>;
    expect(Object.entries(value).sort()).toEqual([
      ['0', 'x'],
      ['1', 'y'],
      ['__proto__', '{"z":1}'],
      ['constructor', 'c'],
    ]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('keys may have escapes', () => {
    expect(outcomes(read('{"\\u0061":1,"\\"":2}', { columns: ['a', '"'] }))).toEqual([['1', '2']]);
  });
});

describe('columns', () => {
  it('are the keys of the first object, where the feed does not name them', () => {
    const [batch] = batchesOf('\ufeff\n{"b":1,"a":{"y":2,"x":{}},"c":[{}]}\n{"c":3}\n');
    expect(batch?.columns).toEqual(['b', 'a.y', 'a.x', 'c']);
    expect(outcomes(rowsOf(batch === undefined ? [] : [batch]))).toEqual([
      ['1', '2', '{}', '[{}]'],
      ['', '', '', '3'],
    ]);
  });

  it('are learned behind lines that are no objects', () => {
    const rows = read('{"a":\n[1]\n{}\n{"a":1,"a":2}\n{"a":1}\n');
    expect(outcomes(rows)).toEqual([
      'InvalidJson: expected a value, at byte 6 of the line',
      'NotAnObject: expected an object, got a list',
      [''],
      'DuplicateKey: "a" comes more than once',
      ['1'],
    ]);
  });

  it('are the fields that the feed takes, where it names all of them; other keys are ignored then', () => {
    const wantedFields = ['price.amount', 'symbol'];
    const parser = jsonl.create(
      { columns: [], unknownKeys: null, quotedEmpty: 'nothing', encoding: 'utf8', maxRecordBytes: 1000 },
      {
        ...pluginContext,
        wantedFields,
      },
    );
    const text =
      '{"symbol":"BHP","price":{"currency":"AUD","amount":1.50},"more":[]}\n{"symbol":"RIO"}\n{"other":1}';
    const batches = pushAll(parser.open(fakeFile()), [Buffer.from(text)]);
    expect(batches[0]?.columns).toEqual(wantedFields);
    expect(outcomes(rowsOf(batches))).toEqual([
      ['1.50', 'BHP'],
      ['', 'RIO'],
      'NoColumns: none of its keys is one of the columns (price.amount, symbol)',
    ]);
  });

  it('may be within objects, by the path to them or by a key with dots', () => {
    const columns = ['id', 'price.amount', 'price.note.text', 'deep'];
    const rows = read(
      [
        '{"id":1,"price":{"amount":2,"note":{"text":"x"}},"deep":{"a":[1]}}',
        '{"price.note.text":"y","price.amount":3}',
        '{"price":{"note.text":"z"}}',
        '{"price":null}',
        '{"price":7}',
        '{"price":{"amount":1},"price.amount":2}',
        '{"price":{"extra":1}}',
      ].join('\n'),
      { columns },
    );
    expect(outcomes(rows)).toEqual([
      ['1', '2', 'x', '{"a":[1]}'],
      ['', '3', 'y', ''],
      ['', '', 'z', ''],
      ['', '', '', ''],
      'NotAnObject: "price": expected an object, in which columns are, got a number',
      'DuplicateKey: "price.amount" comes more than once',
      'UnknownKey: no column is called "price.extra"; name it in columns, or set unknown.keys: ignore',
    ]);
  });

  it('are known from the options alone where these name them', () => {
    const columns = jsonl.columns as (values: unknown) => unknown;
    expect(columns({ columns: ['a'] })).toEqual(['a']);
    expect(columns({ columns: [] })).toBeNull();
    expect(problemsOf(jsonl, { columns: ['price', 'price.amount', 'prices'] })).toEqual([
      'columns: price.amount is within price, whose cell is all of its object; name one of the two',
    ]);
    expect(problemsOf(jsonl, { columns: ['a', 'a'], maxRecordBytes: 0 })).toEqual([
      'columns: columns that come more than once: "a"',
      'max.record.bytes: expected at least 1, got 0: every row would be rejected',
    ]);
  });
});

describe('a key that is no column’s', () => {
  it('rejects its row, also within an object', () => {
    const [row] = batchesOf('{"a":1}\n{"b":2,"a":1}\n');
    expect(row?.rejections.get(1)).toEqual({
      stage: 'PARSE',
      plugin: 'jsonl',
      errorName: 'UnknownKey',
      message: 'no column is called "b"; name it in columns, or set unknown.keys: ignore',
      masked: 'no column is called a key; name it in columns, or set unknown.keys: ignore',
    });
  });

  it('is ignored where that is asked for, as long as its value is JSON', () => {
    const text = '{"x":{"a":[1,{}]},"a":1,"x":2,"":"\\ud800"}\n{"x":01,"a":1}\n';
    expect(outcomes(read(text, { columns: ['a'], unknownKeys: 'ignore' }))).toEqual([
      ['1'],
      'InvalidJson: expected no zero before other digits of a number, at byte 6 of the line',
    ]);
  });

  it('in a row that has no other is one too many', () => {
    expect(outcomes(read('{"x":1}\n{}\n', { columns: ['a'], unknownKeys: 'ignore' }))).toEqual([
      'NoColumns: none of its keys is one of the columns (a)',
      [''],
    ]);
  });
});

describe('what is no row is rejected alone, with the reason and the place', () => {
  it.each([
    ['{"a":1', 'InvalidJson: expected "," or "}" behind the value, at byte 7 of the line'],
    ['{"a":1,}', 'InvalidJson: expected a key in quotes, at byte 8 of the line'],
    ['{"a" 1}', 'InvalidJson: expected ":" behind the key, at byte 6 of the line'],
    ["{'a':1}", 'InvalidJson: expected a key in quotes, at byte 2 of the line'],
    ['{"a":NaN}', 'InvalidJson: expected a value, at byte 6 of the line'],
    ['{"a":nul}', 'InvalidJson: expected a value, at byte 6 of the line'],
    ['{"a":1.}', 'InvalidJson: expected a digit behind the point of a number, at byte 8 of the line'],
    ['{"a":1e}', 'InvalidJson: expected a digit in the exponent of a number, at byte 8 of the line'],
    ['{"a":[1 2]}', 'InvalidJson: expected "," or "]" behind the value, at byte 9 of the line'],
    ['{"a":"x', 'InvalidJson: expected a quote that closes the text, at byte 8 of the line'],
    [
      '{"a":"\t"}',
      'InvalidJson: expected no control character within a text (it must be escaped), at byte 7 of the line',
    ],
    ['{"a":"\\x"}', 'InvalidJson: expected an escape of JSON behind "\\", at byte 7 of the line'],
    ['{"a":"\\u12g4"}', 'InvalidJson: expected four hexadecimal digits behind "\\u", at byte 7 of the line'],
    ['{"a":"\\ud800x"}', 'InvalidText: "a": half of a surrogate pair is no text'],
    ['{"a":1} {"a":2}', 'InvalidJson: expected the end of the line behind the object, at byte 9 of the line'],
    ['[{"a":1}]', 'NotAnObject: expected an object, got a list'],
    ['"a"', 'NotAnObject: expected an object, got a text'],
    ['null', 'NotAnObject: expected an object, got null'],
    ['a,b', 'InvalidJson: expected a value, at byte 1 of the line'],
    [
      `{"a":${'['.repeat(500)}`,
      'InvalidJson: expected at most 500 objects and lists within each other, at byte 505 of the line',
    ],
  ])('%s', (line, error) => {
    expect(outcomes(read(`{"a":"é"}\n${line}\n{"a":2}`, { columns: ['a'] }))).toEqual([['é'], error, ['2']]);
  });

  it('a key that comes twice, however it is written', () => {
    expect(outcomes(read('{"a":1,"\\u0061":2}', { columns: ['a'] }))).toEqual([
      'DuplicateKey: "a" comes more than once',
    ]);
  });

  it.each(['[', '{"a":', '\\u0041', '\\', '"', ' ', ',', '0', '-', '1e', '"a":1,'])(
    'a million bytes of %j, in no time',
    (unit) => {
      const long = unit.repeat(1_000_000 / unit.length);
      const rows = read(['', '{"a":', '{"a":"', '{"a":[', '{'].map((begin) => begin + long).join('\n'), {
        columns: ['a'],
        maxRecordBytes: 2_000_000,
      });
      expect(rows.every(({ cells }) => cells === null)).toBe(true);
    },
  );

  it('bytes that are not text', () => {
    const text = Buffer.from('{"a":"x\xff"}\n{"b\xff":1}\n{"a":2}\n', 'latin1');
    expect(outcomes(read(text, { columns: ['a'], unknownKeys: 'ignore' }))).toEqual([
      'InvalidUtf8: expected UTF-8, got other bytes in column "a" at byte 7 of the file',
      'NoColumns: none of its keys is one of the columns (a)',
      ['2'],
    ]);
  });

  it('a line that is too long', () => {
    expect(outcomes(read(`{"a":"${'x'.repeat(20)}"}\n{"a":2}`, { maxRecordBytes: 20 }))).toEqual([
      'RecordTooLong: expected at most 20 bytes (max.record.bytes), got 28',
      ['2'],
    ]);
  });
});

describe('a file', () => {
  it('without an object has no columns, and is given up where the feed does not name them', () => {
    const told = (text: string) => () => read(text);
    const mend = 'JSON object with keys, which would tell the columns; expected one object a line';
    expect(told('a,b\n')).toThrow(`drop/trades.csv: its first line is no ${mend}`);
    expect(told('{\n"a": 1\n}\n')).toThrow(`drop/trades.csv: none of its first 3 lines is a ${mend}`);
    expect(told('[]\n'.repeat(1001))).toThrow(`drop/trades.csv: none of its first 1000 lines is a ${mend}`);
  });

  it('that is empty has no rows', () => {
    expect(batchesOf(' \n\n')).toMatchObject([{ rowCount: 0, columns: [], eof: true }]);
    expect(batchesOf('', ABC)).toMatchObject([{ rowCount: 0, columns: ABC.columns, eof: true }]);
  });

  it('may be UTF-16', () => {
    expect(outcomes(read(Buffer.from('\ufeff{"a":"é"}\r\n{"a":\n', 'utf16le')))).toEqual([
      ['é'],
      'InvalidJson: expected a value, at byte 11 of the line',
    ]);
  });
});

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/** JSON, and what nearly is. */
const tokens = fc
  .array(
    fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ':',
        ',',
        '"a"',
        '"b"',
        '"',
        '\\',
        '\\u00e9',
        '\\n',
        'x',
        ' ',
        '0',
        '1',
        '-',
        '.',
        'e',
        '+',
      ],
      ...['true', 'false', 'null', '{"a":', '"b":[', ',"b":'],
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

it('What is JSON, JSON.parse says', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        tokens,
        tokens.map((inner) => `{"a":${inner}}`),
      ),
      (line) => {
        fc.pre(line.trim() !== '');
        const [row] = read(line, { columns: ['a', 'b'], unknownKeys: 'ignore' });
        const value = parsed(line);
        if (value === undefined) expect(row?.error).toMatch(/^(?:InvalidJson|DuplicateKey|NotAnObject)/);
        else if (typeof value !== 'object' || value === null || Array.isArray(value))
          expect(row?.error).toMatch(/^NotAnObject/);
        else expect(row?.error ?? 'NoColumns or DuplicateKey').toMatch(/NoColumns|DuplicateKey/);
      },
    ),
    { numRuns: 20_000 },
  );
});

const text = fc.string({ unit: 'grapheme', maxLength: 8 });
const json = fc.jsonValue({ maxDepth: 3 });
const row = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', '"', 'é'), fc.oneof(text, json), {
  maxKeys: 6,
});
const space = fc.constantFrom('', ' ', '\t');

it('Cells are what JSON.parse gives', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), space, (rows, space) => {
      const columns = ['a', 'b', 'c', 'é'];
      const written = rows.map((row) => {
        const members = Object.entries(row).map(
          ([key, value]) => `${JSON.stringify(key)}${space}:${space}${JSON.stringify(value)}`,
        );
        return `${space}{${space}${members.join(`${space},${space}`)}${space}}${space}`;
      });
      const found = read(written.join('\n'), { columns, unknownKeys: 'ignore' });
      const cell = (value: unknown) => {
        if (value === undefined || value === null) return '';
        return typeof value === 'string' ? value : JSON.stringify(value);
      };
      const expected = rows.map((row) => {
        const cells = columns.map((name) => (Object.hasOwn(row, name) ? cell(row[name]) : ''));
        const hasOthers = Object.keys(row).length > 0;
        return hasOthers && !columns.some((name) => Object.hasOwn(row, name)) ? null : cells;
      });
      expect(found.map(({ cells }) => cells)).toEqual(expected);
    }),
    { numRuns: 3000 },
  );
});

const lines = fc.oneof(
  row.map((row) => JSON.stringify(row)),
  tokens,
  fc.constant(''),
  fc.constant('{"a":"\\u00e9"}'),
);
const file = fc
  .record({
    options: fc.constantFrom<Record<string, unknown>[]>(
      {},
      { unknownKeys: 'ignore' },
      { columns: ['a', 'b.x'] },
      { columns: ['a', 'b'], unknownKeys: 'ignore', maxRecordBytes: 20 },
      { encoding: 'utf16le' },
    ),
    lines: fc.array(lines, { maxLength: 8 }),
    lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
    bom: fc.boolean(),
    spoil: fc.boolean(),
  })
  .map(({ options, lines, lineEnd, bom, spoil }) => {
    // Without columns a file of no objects is given up.
    const text = `${bom ? '\ufeff' : ''}{"c":1,"a":""}${lineEnd}${lines.join(lineEnd)}`;
    const bytes = Buffer.from(text, (options.encoding ?? 'utf8') as BufferEncoding);
    return { options, bytes: spoil ? Buffer.concat([bytes, Buffer.of(0xff, 0x2c, 0x61)]) : bytes };
  });

it('Rows are the same however the bytes are cut, and batches cover every byte once', async () => {
  await expectSameRowsHoweverCut(jsonl, file, 1000);
});

it('Rows are the same when reading goes on after any batch', async () => {
  await expectSameRowsFromAnyBatch(jsonl, file, 1000);
});
