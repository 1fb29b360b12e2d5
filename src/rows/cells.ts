import type { FieldType, FieldValue, RecordSchema } from '../plugin/schema.ts';
import type { RowOrigin } from '../plugin/source-record.ts';

/** The cells of a batch: bytes and where each cell starts and ends in them. Rows of equal length, one after another. */
export interface Cells {
  /** UTF-8. Quotes and escapes are already taken away. */
  readonly bytes: Buffer;
  /** The same bytes, for reading several at once. */
  readonly view: DataView;
  /**
   * Start and end of cell `column` of row `i` are at `2 * (i * columns + column)` and the place after it. A stage that
   * takes cells may narrow them to the part that counts.
   */
  readonly bounds: Uint32Array;
}

/** The cells of a batch as its stages get them, who may add text to it. */
export interface BatchCells extends Cells {
  /** Where a row stands in its file. */
  origin(row: number): RowOrigin;
  /**
   * Makes room for so many bytes of text behind all that is there, and gives where they begin. `bytes` and `view` may be
   * others from then on.
   */
  room(length: number): number;
}

/** A field of a record whose value is still a cell. */
export interface CellField {
  readonly name: string;
  readonly column: number;
  /**
   * The cell is text of this type in the one form that JSON and Kafka Connect's string converter write as well: `-12.5`,
   * never `-012.50`.
   */
  readonly type: FieldType;
  /** What an empty cell stands for. */
  readonly empty: FieldValue;
  /** Letters are to be changed when the value is written. Cells with this hold ASCII only. */
  readonly case: 'lower' | 'upper' | null;
}

/** What rows that are still cells are to become. */
export interface CellPlan {
  /** Cells of a row, whether a field is made of them or not. */
  readonly width: number;
  readonly valueSchema: RecordSchema | null;
  /** The fields of the value, in order. */
  readonly fields: readonly CellField[];
  readonly topic: string | null;
  /** null lets the key decide. */
  readonly partition: number | null;
  /** The field whose value is the key; its cell is not empty. */
  readonly key: CellField | null;
  /** The timestamp field that is the record's time; its cell is not empty, nor before 1970. */
  readonly timestamp: CellField | null;
}

/** A transformation, compiled for the columns of a batch. */
export interface CellStage {
  /**
   * The plan of rows that are taken. Where its width is larger than that of the plan before, each row has so many more
   * cells at its end, which `takes` sets.
   */
  readonly plan: CellPlan;
  /**
   * Takes rows that can stay cells, in order from `from` on, and gives the first that cannot, or `to`. A row is taken only
   * where `apply` would change its record exactly as the plan says; its cells may be narrowed then. Any other becomes a
   * record, `apply` is called, and the next call begins behind it: each row is looked at once, in file order.
   */
  takes(cells: BatchCells, from: number, to: number): number;
}

/** Writes a value from cells, compiled for a plan's fields. Whoever holds it keeps its program's memory. */
export interface CellWriter {
  /**
   * The most bytes a value takes: `fixedBytes`, and `bytesPerByte` for each byte of the row's cells. At least 16 bytes
   * behind that may be overwritten.
   */
  readonly fixedBytes: number;
  readonly bytesPerByte: number;
  /**
   * A kernel's function, by its number from `shareFunction`: `(program: usize, at: usize, bytes: usize, row: usize) =>
   * usize`. Writes the value of the row whose cells' bounds begin at the address `row` (u32 start and end, counted from
   * `bytes`) to the address `at`, and gives the address behind it; 0 when it cannot be written from cells: then the row
   * becomes a record, and `serialize` writes or refuses it. What is behind the end may be overwritten as far as the room
   * goes.
   */
  readonly write: number;
  /** What it was compiled to, for `write`. */
  readonly program: number;
}
