import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import json from '../../../src/converters/json.ts';
import string from '../../../src/converters/string.ts';
import { readBatches } from '../../../src/kafka/record-batch-reader.ts';
import { BatchEncoder } from '../../../src/kafka/sink/batch-encoder.ts';
import { PartitionBuffers } from '../../../src/kafka/sink/partition-buffers.ts';
import { TopicDirectory } from '../../../src/kafka/sink/topic-directory.ts';
import {
  FIELD_TYPES,
  type FieldType,
  type RecordBatch,
  type Transformation,
} from '../../../src/plugin/index.ts';
import { TransformationStage } from '../../../src/runtime/transformation-stage.ts';
import csv from '../../../transforms/parse-csv/index.ts';
import route from '../../../transforms/route/index.ts';
import validate from '../../../transforms/validate/index.ts';
import { fakeFile, makeParser, makeTransformation, pluginContext } from '../../transforms/support.ts';

const TOPIC = { name: 'trades', partitions: 3, maxMessageBytes: 4000 };
const SEAL = {
  producerId: 1n,
  producerEpoch: 0,
  baseSequence: 0,
  transactional: true,
  compression: 'none',
} as const;

interface Field {
  readonly type: FieldType;
  readonly optional: boolean;
  readonly fallback: string | null;
  readonly trim: boolean;
  readonly letters: 'lower' | 'upper' | null;
}

const FALLBACKS: Partial<Record<Field['type'], string>> = {
  string: 'none "yet"',
  long: '-7',
  double: '1.50',
};

/** Cells near the borders of every type, and anything else. */
const cell = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      '',
      'NULL',
      'BUY',
      'buy',
      'Sell',
      'true',
      'TRUE',
      'false',
      ' x ',
      'é\u00a0',
      'a"b',
      'a\\b',
      'tab\t.',
      '\u0001',
      '\u2028',
      '日本',
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '0',
      '-0',
      '-0.0',
      '007',
      '+1',
      '1.',
      '.5',
      '1e5',
      '1e999',
      '9007199254740993',
      '-12.50',
      '17.00',
      '0.000001',
      '0.0000001',
      '999999999',
      '2147483648',
      '-2147483648',
      '9223372036854775808',
      '123456789012345678',
      '0.1234567890123456',
      '12345678901234.5',
      '123456789012345.5',
    ),
  },
  { weight: 2, arbitrary: fc.double({ noNaN: true }).map(String) },
  {
    weight: 2,
    arbitrary: fc.double({ min: -1000, max: 1000, noNaN: true }).map((value) => value.toFixed(2)),
  },
  { weight: 2, arbitrary: fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '2026-01-31',
      '2026-02-29',
      '2024-02-29',
      '2026-01-31T09:30:00Z',
      '2026-01-31T09:30:00.123456Z',
      '2026-01-31 09:30:00',
      '2026-01-31T24:00:00Z',
      '2026-01-31T09:30:00.Z',
      '2026-01-31T09:30:00+10:30',
      '0000-01-01',
      '2026-13-01T00:00:00Z',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 5000, minLength: 3000 }) },
);

const field: fc.Arbitrary<Field> = fc
  .record({
    type: fc.constantFrom(...FIELD_TYPES),
    optional: fc.boolean(),
    fallback: fc.constantFrom('yes', null),
    trim: fc.boolean(),
    letters: fc.constantFrom('lower', 'upper', null),
  })
  .map(({ type, fallback, letters, ...rest }) => ({
    type,
    ...rest,
    fallback: fallback === null ? null : (FALLBACKS[type] ?? null),
    letters: type === 'string' || type === 'enum' ? letters : null,
  }));

const table = fc.integer({ min: 1, max: 4 }).chain((width) =>
  fc.record({
    fields: fc.array(field, { minLength: width, maxLength: width }),
    rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 12 }),
    typed: fc.boolean(),
    cut: fc.integer({ min: 1, max: 200 }),
  }),
);

/** Names that JavaScript objects or JSON treat apart. */
const NAMES = ['symbol', '__proto__', '2', 'say "hi"'];

function schemaOptions(fields: readonly Field[]): Record<string, string> {
  const options = fields.flatMap(({ type, optional, fallback, trim, letters }, index) => {
    const name = NAMES[index] as string;
    const entries = [
      [name, type],
      [`${name}.optional`, String(optional)],
      [`${name}.trim`, String(trim)],
    ];
    if (type === 'enum') entries.push([`${name}.symbols`, letters === 'upper' ? 'BUY,SELL' : 'buy,Sell']);
    if (fallback !== null) entries.push([`${name}.default`, fallback]);
    if (letters !== null) entries.push([`${name}.case`, letters]);
    return entries;
  });
  // Gives the field __proto__ a property like any other.
  return Object.fromEntries(options);
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** Half of the cells quoted, so that both ways through the parser are taken. */
function csvOf(fields: readonly Field[], rows: readonly (readonly string[])[]): Buffer {
  const line = (cells: readonly string[]) =>
    cells
      .map((text, index) => (index % 2 === 0 || /["\r\n,]/.test(text) || text === '' ? quoted(text) : text))
      .join(',');
  return Buffer.from([NAMES.slice(0, fields.length), ...rows].map((cells) => `${line(cells)}\n`).join(''));
}

async function stages(fields: readonly Field[], typed: boolean): Promise<Transformation[]> {
  const routed = await makeTransformation(route, { topic: 'trades', key: [NAMES[0]] });
  if (!typed) return [routed];
  return [
    await makeTransformation(validate, { fields: schemaOptions(fields), nullValues: ['NULL'] }),
    routed,
  ];
}

/** The same transformation for records only. */
const recordsOnly = (transformation: Transformation): Transformation => ({
  apply: (record) => transformation.apply(record),
});

async function encode(batches: readonly RecordBatch[], transformations: readonly Transformation[]) {
  const topics = new TopicDirectory({ describe: async () => TOPIC, create: async () => {} }, false);
  const buffers = new PartitionBuffers();
  const converter = (plugin: typeof json | typeof string, side: 'key' | 'value') => ({
    name: plugin.name,
    converter: plugin.create({}, { ...pluginContext, side }),
  });
  const encoder = new BatchEncoder(converter(string, 'key'), converter(json, 'value'), topics, buffers);
  const refused: unknown[] = [];
  for (const batch of batches) {
    for (const transformation of transformations) {
      await new TransformationStage({ name: 'stage', transformation, predicate: null, parallel: 1 }).run(
        batch,
      );
    }
    for (let row = 0; row < batch.rowCount; row++) {
      if (batch.isCells(row) && encoder.encodeCells(batch, row, 1000)) continue;
      if (!batch.isLive(row)) continue;
      const records = batch.records(row);
      if (!records.every((record) => encoder.isPrepared(record))) await encoder.prepare(records);
      refused.push(encoder.encode(batch.file, records, 1000));
    }
    refused.push([...batch.rejections]);
  }
  const written = buffers.takeAll().flatMap(({ partition, batch }) =>
    readBatches(batch.seal(SEAL)).flatMap((read) =>
      read.records().map(({ key, value, headers }) => ({
        partition,
        key: key?.toString(),
        value: value?.toString(),
        headers: headers.map(([name, header]) => `${name}=${header}`),
      })),
    ),
  );
  return {
    written: written.sort((a, b) => (a.headers.join() < b.headers.join() ? -1 : 1)),
    refused: refused.filter((one) => one !== null),
  };
}

function parse(bytes: Buffer, cut: number): RecordBatch[] {
  const parser = makeParser(csv).open(fakeFile());
  const batches: RecordBatch[] = [];
  for (let at = 0; at < bytes.length; at += cut) {
    const batch = parser.push(bytes.subarray(at, at + cut), at + cut >= bytes.length);
    if (batch !== null) batches.push(batch);
  }
  return batches;
}

describe('rows that stay cells', () => {
  it('become the same Kafka records, and are rejected for the same reasons, as rows that become objects', async () => {
    await fc.assert(
      fc.asyncProperty(table, async ({ fields, rows, typed, cut }) => {
        const bytes = csvOf(fields, rows);
        const fast = await encode(parse(bytes, cut), await stages(fields, typed));
        const general = await encode(parse(bytes, cut), (await stages(fields, typed)).map(recordsOnly));
        expect(fast).toEqual(general);
      }),
      { numRuns: 2000 },
    );
  });

  it('are most rows of a feed of trades', async () => {
    const rows = Array.from({ length: 50 }, (_, index) => [
      'BHP',
      `${index}.${index}0`,
      '2026-01-31T09:30:00.000Z',
    ]);
    const fields = (['string', 'double', 'timestamp'] as const).map(
      (type): Field => ({ type, optional: false, fallback: null, trim: false, letters: null }),
    );
    const [batch] = parse(csvOf(fields, rows), 1_000_000) as [RecordBatch];
    for (const transformation of await stages(fields, true)) {
      await new TransformationStage({ name: 'stage', transformation, predicate: null, parallel: 1 }).run(
        batch,
      );
    }
    const cells = rows.filter((_, index) => batch.isCells(index));
    expect(cells).toHaveLength(50);
  });
});
