import type { FieldValue } from '../plugin/schema.ts';
import type { RowOrigin, SourceRecord } from '../plugin/source-record.ts';
import { keepOrder, orderToKeep } from '../values/ordered-row.ts';
import type { CellTexts } from './cell-texts.ts';
import { cellFraction, cellSeconds } from './cell-time.ts';
import type { BatchCells, CellField, CellPlan, Cells } from './cells.ts';
import { cellTextOf, type PlanField, planField } from './plan-fields.ts';
import { type RowCode, rowCode } from './row-code.ts';
import { writeCell } from './write-cell.ts';

/** Makes records of rows that are cells, by their plan, and puts records back into cells. */
export class PlanRecords {
  readonly plan: CellPlan;
  /** In the order of an object's properties, in which whole numbers come first. */
  readonly #fields: readonly PlanField[];
  readonly #row: RowCode;
  readonly #keyRow: RowCode | null;
  readonly #isReversible: boolean;
  /** Where an object would have another. */
  readonly #order: readonly string[] | null;
  /** What the key and the time of the record are that was made last. */
  #key: FieldValue = null;
  #timestamp: number | null = null;
  /** Which fields of the value are others now. */
  readonly #changed: Uint32Array;
  /** What is to be written into which cells; as long as the most so far. */
  readonly #columns: number[] = [];
  readonly #texts: string[] = [];
  #changes = 0;

  constructor(plan: CellPlan) {
    this.plan = plan;
    const names = Object.keys(Object.fromEntries(plan.fields.map(({ name }) => [name, null])));
    // Of several columns of one name the last one counts.
    const fields = names.map((name) => plan.fields.findLast((field) => field.name === name) as CellField);
    this.#fields = fields.map((field) => planField(field, plan));
    this.#row = rowCode(fields);
    this.#keyRow = plan.key === null ? null : rowCode([plan.key]);
    this.#changed = new Uint32Array(fields.length);
    this.#order = orderToKeep(plan.fields.map(({ name }) => name));
    this.#isReversible = names.length === plan.fields.length;
  }

  /** The record of the row whose cells begin at `first` in `bounds`. */
  make(cells: Cells, first: number, texts: CellTexts, origin: RowOrigin): SourceRecord {
    const { topic, partition, key, timestamp, valueSchema } = this.plan;
    this.#key = key === null ? null : this.#keyOf(key, cells, first, texts);
    this.#timestamp = timestamp === null ? null : millisecondsOf(timestamp, cells, first);
    const value = this.#row.read(cells, first, texts);
    if (this.#order !== null) keepOrder(value, this.#order);
    return {
      topic,
      partition,
      key: this.#key,
      value,
      valueSchema,
      headers: [],
      timestamp: this.#timestamp,
      origin,
    };
  }

  /**
   * Puts back into its cells what became of the record that was made last; `origin` was that record's, and `added` are
   * fields that it has in addition. False, with nothing changed, where a record made of cells would be another.
   */
  putBack(
    record: SourceRecord,
    origin: RowOrigin,
    added: readonly PlanField[],
    cells: BatchCells,
    first: number,
  ): boolean {
    if (!this.#isReversible || !this.#isPlanned(record, origin)) return false;
    if (!this.#findChanges(record.value, added)) return false;
    for (let change = 0; change < this.#changes; change++)
      writeCell(cells, first + 2 * (this.#columns[change] as number), this.#texts[change] as string);
    return true;
  }

  #keyOf({ name }: CellField, cells: Cells, first: number, texts: CellTexts): FieldValue {
    return (this.#keyRow as RowCode).read(cells, first, texts)[name] as FieldValue;
  }

  /** All but the value is what the plan makes of the row. */
  #isPlanned(record: SourceRecord, origin: RowOrigin): boolean {
    const { topic, partition, valueSchema } = this.plan;
    const { headers } = record;
    return (
      record.topic === topic &&
      record.partition === partition &&
      Object.is(record.key, this.#key) &&
      record.valueSchema === valueSchema &&
      record.timestamp === this.#timestamp &&
      record.origin === origin &&
      Array.isArray(headers) &&
      headers.length === 0 &&
      isPlainObject(record) &&
      propertyCount(record) === RECORD_PROPERTIES
    );
  }

  /** False where the value is not an object of exactly these fields, or holds something that no cell stands for. */
  #findChanges(value: unknown, added: readonly PlanField[]): boolean {
    this.#changes = 0;
    if (!isPlainObject(value)) return false;
    if (this.#row.count(value) !== this.#fields.length + added.length) return false;
    const changed = this.#row.compare(value, this.#changed);
    for (let index = 0; index < changed; index++) {
      const field = this.#fields[this.#changed[index] as number] as PlanField;
      if (!this.#noteChange(field, value[field.name])) return false;
    }
    return added.length === 0 || this.#findAdded(value, added);
  }

  /** False where the properties behind the fields are others than these. */
  #findAdded(value: Readonly<Record<string, unknown>>, added: readonly PlanField[]): boolean {
    let index = -this.#fields.length;
    for (const name in value) {
      const field = added[index++];
      if (field !== undefined && (field.name !== name || !this.#noteChange(field, value[name]))) return false;
    }
    return true;
  }

  #noteChange(field: PlanField, value: unknown): boolean {
    const text = field.ownsCell ? cellTextOf(field, value) : null;
    if (text === null) return false;
    this.#columns[this.#changes] = field.column;
    this.#texts[this.#changes++] = text;
    return true;
  }
}

/** The one of a plan: what it compiles serves all batches of a file. */
export function planRecordsOf(plan: CellPlan): PlanRecords {
  let records = RECORDS.get(plan);
  if (records === undefined) {
    records = new PlanRecords(plan);
    RECORDS.set(plan, records);
  }
  return records;
}

const RECORDS = new WeakMap<CellPlan, PlanRecords>();

const RECORD_PROPERTIES = 8;

/** Asked for its prototype V8 calls out of its own code, so the constructor that it inherits is looked at first. */
function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  return value.constructor === Object || Object.getPrototypeOf(value) === Object.prototype;
}

function propertyCount(object: object): number {
  let count = 0;
  for (const _ in object) count++;
  return count;
}

function millisecondsOf({ column }: CellField, { bytes, bounds }: Cells, first: number): number {
  const start = bounds[first + 2 * column] as number;
  return (
    1000 * cellSeconds(bytes, start) + cellFraction(bytes, start, bounds[first + 2 * column + 1] as number, 3)
  );
}
