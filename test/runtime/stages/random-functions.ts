import fc from 'fast-check';
import type { Applied, SourceRecord, Transformation } from '../../../src/plugin/index.ts';
import { NAMES } from '../../sink/random-tables.ts';

type Edit = (record: SourceRecord) => Applied;
type Row = Record<string, unknown>;

/** A record function: which edit each row gets, by its number, and how the function is called. */
export interface RandomFunction {
  readonly edits: readonly Edit[];
  readonly isAsync: boolean;
  /** Only for rows with an odd number. */
  readonly isPartial: boolean;
}

/** Values that a field of some type can hold, and those that none can, by the type of what they take the place of. */
const values = fc.record({
  string: fc.oneof(
    fc.constantFrom(
      ...['BHP', 'buy', 'BUY', 'Sell', 'é', '日本', 'a"b\\', '\u0001', ' x ', 'NULL', '', '7', 'none "yet"'],
      ...[
        '2026-02-01T00:00:00Z',
        '2026-02-01',
        '12.50',
        'x'.repeat(70),
        'ü'.repeat(2500),
        '\ud800',
        '\u212a',
      ],
    ),
    fc.string({ unit: 'binary', maxLength: 70 }),
  ),
  number: fc.oneof(
    fc.constantFrom(0, -0, 7, -12.5, 0.1 + 0.2, 1e20, 1e21, 1e-6, 1e-7, 2 ** 31 - 1, 2 ** 31, -(2 ** 31)),
    fc.constantFrom(1.5, Number.NaN, Number.POSITIVE_INFINITY, 123_456_789_012_345.6),
    fc.double(),
  ),
  bigint: fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
  boolean: fc.boolean(),
  object: fc.constantFrom(null, 'x', 0, false, 7n),
});

/** Of any type. */
const value = fc.oneof(
  values.chain((ofTypes) => fc.constantFrom<unknown>(...Object.values(ofTypes))),
  fc.constantFrom<unknown>(undefined, {}, ['x'], null),
);

const name = fc.constantFrom(...NAMES);
const added = fc.constantFrom('notional', '0', 'constructor', 'toString', 'company_id');
const rowOf = ({ value: row }: SourceRecord) => row as Row;

function put(row: Row, property: string, content: unknown): void {
  Object.defineProperty(row, property, {
    value: content,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

/** Changes a record in place by an edit of its row. */
const inPlace = (edit: (row: Row) => void): Edit => {
  return (record) => {
    edit(rowOf(record));
    return record;
  };
};

/** Sets parts of the record itself. */
const withParts = (parts: (record: SourceRecord) => object): Edit => {
  return (record) => Object.assign(record, parts(record));
};

class Trade {
  constructor(row: Row) {
    Object.assign(this, row);
  }
}

const rowEdits = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(name, values).map(([field, ofTypes]) =>
      inPlace((row) => {
        const type = typeof row[field] as keyof typeof ofTypes;
        if (type in ofTypes) put(row, field, ofTypes[type]);
      }),
    ),
  },
  fc.tuple(name, value).map(([field, content]) => inPlace((row) => put(row, field, content))),
  fc.tuple(added, value).map(([field, content]) => inPlace((row) => put(row, field, content))),
  name.map((field) => inPlace((row) => void delete row[field])),
  // The same property again, at the end.
  name.map((field) =>
    inPlace((row) => {
      const content = row[field];
      delete row[field];
      put(row, field, content);
    }),
  ),
  name.map((field) => inPlace((row) => put(row, field, `${String(row[field]).toLowerCase()}!`))),
  name.map((field) =>
    inPlace((row) => {
      if (typeof row[field] === 'number') row[field] *= 1.1;
      if (typeof row[field] === 'bigint') row[field] *= 3n;
    }),
  ),
);

const recordEdits = fc.constantFrom<Edit[]>(
  withParts(({ value: row }) => ({ value: { ...(row as Row) } })),
  withParts(({ value: row }) => ({ value: Object.assign(Object.create(null), row) })),
  withParts(({ value: row }) => ({ value: new Trade(row as Row) })),
  withParts(({ value: row }) => ({ value: Object.values(row as Row) })),
  withParts(() => ({ value: null })),
  withParts(() => ({ value: 'text' })),
  withParts(() => ({ key: 'k' })),
  withParts(({ key }) => ({ key: String(key) })),
  withParts(() => ({ key: -0 })),
  withParts(() => ({ topic: 'orders' })),
  withParts(() => ({ partition: 1 })),
  withParts(() => ({ timestamp: 5 })),
  withParts(() => ({ valueSchema: null })),
  withParts(({ valueSchema }) => ({ valueSchema: valueSchema === null ? null : { ...valueSchema } })),
  withParts(() => ({ headers: [] })),
  withParts(() => ({ headers: [{ name: 'h', value: 'x' }] })),
  withParts(({ origin }) => ({ origin: { ...origin, line: 7 } })),
  withParts(() => ({ note: 'x' })),
  (record) => ({ ...record }),
  (record) => ({ ...record, value: { ...rowOf(record), symbol: 'RIO' } }),
  () => null,
  () => [],
  (record) => [record],
  (record) => [{ ...record, topic: 'first' }, record],
  (record) => {
    put(rowOf(record), 'symbol', 'not kept');
    throw new TypeError(`no company ${record.origin.row}`);
  },
);

const edit = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Edit>((record) => record) },
  { weight: 6, arbitrary: rowEdits },
  { weight: 2, arbitrary: recordEdits },
);

const randomFunction: fc.Arbitrary<RandomFunction> = fc.record({
  edits: fc.array(edit, { minLength: 1, maxLength: 5 }),
  isAsync: fc.oneof(
    { weight: 5, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  isPartial: fc.oneof(
    { weight: 4, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
});

/** None or some of them, one after another. */
export const functions = fc.array(randomFunction, { maxLength: 2 });

export function transformationOf({ edits, isAsync }: RandomFunction): Transformation {
  const editOf = ({ origin }: SourceRecord) => edits[origin.row % edits.length] as Edit;
  return isAsync
    ? { apply: async (record) => editOf(record)(record) }
    : { apply: (record) => editOf(record)(record) };
}
