import type { ReadProgress, Rejection } from '../plugin/parsed-rows.ts';
import type { SourceFile } from '../plugin/source-connector.ts';
import type { RowOrigin, SourceRecord } from '../plugin/source-record.ts';
import { addressOf, copyOf, release } from './arena.ts';
import type { BlockCells, BlockRows, SkippedBytes } from './block-rows.ts';
import { CellTexts } from './cell-texts.ts';
import type { BatchCells, CellPlan } from './cells.ts';
import { GrowingCells } from './growing-cells.ts';
import { parsedPlan } from './parsed-plan.ts';
import type { PlanField } from './plan-fields.ts';
import { type PlanRecords, planRecordsOf } from './plan-records.ts';

const NOTHING_ADDED: readonly PlanField[] = [];

const LIVE = 0;
const FILTERED = 1;
const REJECTED = 2;

/**
 * A run of consecutive rows of one file: the chunk that flows between the stages of a pipeline.
 *
 * Every row that was read is in it to the end, so that rows can be accounted for: live, filtered or rejected. It is
 * columnar (`cells`) until a stage asks for a row's record; from then on that row is its records.
 */
export class RowBatch {
  readonly file: SourceFile;
  readonly columns: readonly string[];
  readonly bytes: Buffer;
  readonly skipped: SkippedBytes | undefined;
  readonly position: number;
  readonly rowCount: number;
  readonly progress: ReadProgress;
  readonly eof: boolean;
  /** All rows that are wanted of its file, or of the archive with it, end with this batch. */
  isAtLimit = false;

  readonly #cells: GrowingCells;
  readonly #parsed: BlockCells;
  readonly #parsedBytes: number;
  readonly #rowBounds: Uint32Array;
  /** Where a parser has put them beyond the reach of kernels, a copy. */
  readonly #ownRowBounds: Uint32Array | null;
  readonly #lines: Uint32Array;
  readonly #status: Uint8Array;
  readonly #release: (() => void) | undefined;
  readonly #emptyTexts: readonly number[] | undefined;
  /** By row, those that somebody has asked for. */
  #records: (SourceRecord | readonly SourceRecord[] | undefined)[] | null = null;
  readonly #rejections = new Map<number, Rejection>();
  /** By row, as they were when the row was rejected; null where nobody wants them. */
  #rejectedRecords: Map<number, readonly SourceRecord[]> | null = null;
  /** All rows are cells. */
  #isWhole = true;
  #plan: CellPlan | null = null;
  #planRecords: PlanRecords | null = null;
  #texts: CellTexts | null = null;
  #isReleased = false;
  /** Where the row stands whose record is lent. */
  #lentFrom: RowOrigin | null = null;

  constructor(parsed: BlockRows) {
    this.file = parsed.file;
    this.columns = parsed.columns;
    this.bytes = parsed.bytes;
    this.skipped = parsed.skipped;
    this.position = parsed.position;
    this.rowCount = parsed.rowCount;
    this.#cells = new GrowingCells(parsed.cells, parsed.columns.length, (index) => this.origin(index));
    this.#parsed = parsed.cells;
    this.#parsedBytes = parsed.cells.textEnd ?? parsed.cells.bytes.length;
    this.progress = parsed.progress;
    this.eof = parsed.eof;
    this.#ownRowBounds = addressOf(parsed.rowBounds) === 0 ? copyOf(parsed.rowBounds) : null;
    this.#rowBounds = this.#ownRowBounds ?? parsed.rowBounds;
    this.#lines = parsed.lines;
    this.#status = new Uint8Array(parsed.rowCount);
    this.#release = parsed.release;
    this.#emptyTexts = parsed.emptyTexts;
    for (const [index, rejection] of parsed.rejections ?? []) this.reject(index, rejection);
    for (const cell of parsed.emptyTexts ?? []) this.#setEmptyText(cell);
  }

  get cells(): BatchCells {
    return this.#cells;
  }

  get rejections(): ReadonlyMap<number, Rejection> {
    return this.#rejections;
  }

  isLive(index: number): boolean {
    return this.#status[index] === LIVE;
  }

  get liveCount(): number {
    if (this.#isWhole) return this.rowCount;
    let live = 0;
    for (const status of this.#status) if (status === LIVE) live++;
    return live;
  }

  /** The row is live and nobody has asked for its record yet. */
  isCells(index: number): boolean {
    return this.#status[index] === LIVE && this.#records?.[index] === undefined;
  }

  /** The first row from `index` on that is not cells any more. */
  endOfCells(index: number): number {
    if (this.#isWhole) return this.rowCount;
    let end = index;
    while (end < this.rowCount && this.isCells(end)) end++;
    return end;
  }

  /** Start and end of each row in `bytes`, line end left out: `2 * i` and `2 * i + 1`. */
  get rowBounds(): Uint32Array {
    return this.#rowBounds;
  }

  /** What the rows that are still cells are to become. */
  get plan(): CellPlan {
    this.#plan ??= parsedPlan(this.columns, this.#emptyTexts === undefined ? '' : null);
    return this.#plan;
  }

  /**
   * The batch as it would be had reading stopped behind its first rows; instead of this one, which is not to be used any
   * more. Nothing may have been done with it yet.
   */
  upTo(rowCount: number): RowBatch {
    const end = this.#bound(2 * rowCount);
    const line = (this.#lines[rowCount] as number) - 1;
    const { file, columns, position } = this;
    const { head, row } = this.progress;
    const left = this.rowCount - rowCount;
    return new RowBatch({
      file,
      columns,
      position,
      bytes: this.bytes.subarray(0, end),
      rowCount,
      rowBounds: this.#rowBounds,
      lines: this.#lines,
      cells: this.#parsed,
      progress: { position: this.position + end, row: row - left, line, head },
      rejections: new Map([...this.#rejections].filter(([index]) => index < rowCount)),
      emptyTexts: this.#emptyTexts?.filter((cell) => cell < rowCount * columns.length),
      eof: false,
      release: () => this.release(),
    });
  }

  /** Gives each row the cells that a stage adds. Its plan holds when `adopt` is called. */
  widen(width: number): void {
    this.#cells.widen(width, this.rowCount);
    this.#texts = null;
  }

  /** All rows that are still cells have been taken by a stage: its plan holds from now on. */
  adopt(plan: CellPlan): void {
    this.#plan = plan;
  }

  /** The row's bytes as they stand in the file, without the line end. */
  rawRow(index: number): Buffer {
    return this.bytes.subarray(this.#bound(2 * index), this.#bound(2 * index + 1));
  }

  rowNumber(index: number): number {
    return this.progress.row - this.rowCount + index + 1;
  }

  /** The byte of the file at which the row starts. */
  rowOffset(index: number): number {
    return this.position + this.#bound(2 * index);
  }

  origin(index: number): RowOrigin {
    return {
      filePath: this.file.path,
      fileName: this.file.name,
      row: this.rowNumber(index),
      line: this.#lines[index] as number,
      offset: this.rowOffset(index),
    };
  }

  /** A cell's text. */
  cell(index: number, column: number): string {
    const { bytes, bounds, width } = this.#cells;
    const at = 2 * (index * width + column);
    return bytes.toString('utf8', bounds[at], bounds[at + 1]);
  }

  /** The record of a live row; null when a transformation has made several of it. */
  record(index: number): SourceRecord | null {
    const held = this.#records?.[index];
    if (Array.isArray(held)) return null;
    return (held as SourceRecord | undefined) ?? this.#keep(index);
  }

  /** The records of a live row: one, unless a transformation made several. */
  records(index: number): readonly SourceRecord[] {
    const held = this.#records?.[index];
    if (Array.isArray(held)) return held;
    return [(held as SourceRecord | undefined) ?? this.#keep(index)];
  }

  /** The records of a live row as they are now, for somebody who only looks: what is still cells stays so. */
  peek(index: number): readonly SourceRecord[] {
    return this.isCells(index) ? [this.#make(index, this.origin(index))] : this.records(index);
  }

  /**
   * The record of a row that is still cells, for somebody who says at once what became of it, by `takeBack` or else by
   * `setRecords`, `filter` or `reject`.
   */
  lend(index: number): SourceRecord {
    this.#lentFrom = this.origin(index);
    return this.#make(index, this.#lentFrom);
  }

  /**
   * Takes back the record that was lent last, as it is now, or one in its place: the row goes on as cells. False, with
   * nothing changed, for a record that cells cannot hold. Fields that were added need their cells before, by `widen`.
   */
  takeBack(index: number, record: SourceRecord, added = NOTHING_ADDED): boolean {
    const cells = this.#cells;
    const origin = this.#lentFrom as RowOrigin;
    return this.#recordsOf(this.plan).putBack(record, origin, added, cells, 2 * index * cells.width);
  }

  /** The one record of a live row that no transformation has multiplied. */
  setRecords(index: number, records: SourceRecord | readonly SourceRecord[]): void {
    this.#records ??= new Array(this.rowCount);
    this.#records[index] = records;
    this.#isWhole = false;
  }

  /**
   * Ends the life of the batch: nothing of it may be read afterwards.
   *
   * @throws Error when it has ended before
   */
  release(): void {
    if (this.#isReleased)
      throw new Error(`the batch of ${this.file.path} at ${this.position} was released before`);
    this.#isReleased = true;
    this.#cells.release();
    if (this.#ownRowBounds !== null) release(this.#ownRowBounds);
    this.#release?.();
  }

  /** Takes a live row out of the flow, on purpose. It counts as filtered. */
  filter(index: number): void {
    if (!this.isLive(index)) return;
    this.#status[index] = FILTERED;
    this.#isWhole = false;
    if (this.#records !== null) this.#records[index] = undefined;
  }

  /** Sends a live row to the dead-letter queue, with all its records. */
  reject(index: number, rejection: Rejection): void {
    if (!this.isLive(index)) return;
    this.#rejectedRecords?.set(index, this.records(index));
    this.#status[index] = REJECTED;
    this.#isWhole = false;
    this.#rejections.set(index, rejection);
    if (this.#records !== null) this.#records[index] = undefined;
  }

  /** From now on the records of a row that is rejected are kept, as they are then. */
  keepRejected(): void {
    this.#rejectedRecords ??= new Map();
  }

  /** Of a rejected row; undefined where there never were any, or they were not kept. */
  rejectedRecords(index: number): readonly SourceRecord[] | undefined {
    return this.#rejectedRecords?.get(index);
  }

  /** Cells hold no such text, so that the row goes on as its record. */
  #setEmptyText(cell: number): void {
    const width = this.columns.length;
    const index = Math.floor(cell / width);
    if (!this.isLive(index)) return;
    const value = this.record(index)?.value as object;
    // One of several columns of the name is the last one, as in every record.
    const name = this.columns[cell % width] as string;
    Object.defineProperty(value, name, { value: '', enumerable: true, writable: true, configurable: true });
  }

  #keep(index: number): SourceRecord {
    const record = this.#make(index, this.origin(index));
    this.setRecords(index, record);
    return record;
  }

  /** The record of a row that is still cells, and stays so. */
  #make(index: number, origin: RowOrigin): SourceRecord {
    const { width } = this.#cells;
    this.#texts ??= new CellTexts(width, this.rowCount, this.#parsedBytes);
    return this.#recordsOf(this.plan).make(this.#cells, 2 * index * width, this.#texts, origin);
  }

  #recordsOf(plan: CellPlan): PlanRecords {
    if (this.#planRecords?.plan !== plan) this.#planRecords = planRecordsOf(plan);
    return this.#planRecords;
  }

  #bound(at: number): number {
    return this.#rowBounds[at] as number;
  }
}
