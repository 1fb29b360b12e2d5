import type { SourceRecord } from '../../plugin/index.ts';
import type { RowBatch, WiderPlan } from '../../rows/index.ts';
import type { LearnedFields } from './learned-fields.ts';

/** The rows of a batch on their way back to cells, after a function has seen their records. */
export class ReturnedRows {
  readonly #batch: RowBatch;
  readonly #learned: LearnedFields;
  /** Where the function is known to add fields. */
  #wider: WiderPlan | null = null;
  #isFirst = true;

  constructor(batch: RowBatch, learned: LearnedFields) {
    this.#batch = batch;
    this.#learned = learned;
    this.#widen(learned.planFor(batch.plan));
  }

  /** Whether the row goes on as cells with what became of the record that was lent; what follows then costs it no objects. */
  takes(index: number, record: SourceRecord): boolean {
    const batch = this.#batch;
    const mayLearn = this.#isFirst && this.#wider === null;
    this.#isFirst = false;
    if (batch.takeBack(index, record, this.#wider?.added)) return true;
    if (!mayLearn) return false;
    this.#widen(this.#learned.learn(batch.plan, record.value));
    return this.#wider !== null && batch.takeBack(index, record, this.#wider.added);
  }

  /** Called before row `from` when it and those behind it do not come here. */
  stop(from: number): void {
    const batch = this.#batch;
    if (this.#wider === null) return;
    for (let index = from; index < batch.rowCount; index++) if (batch.isCells(index)) batch.record(index);
    batch.adopt(this.#wider.plan);
  }

  /** Called behind the last row. */
  end(): void {
    if (this.#wider === null) return;
    this.#batch.adopt(this.#wider.plan);
    this.#learned.judge(this.#batch);
  }

  #widen(wider: WiderPlan | null): void {
    this.#wider = wider;
    if (wider !== null) this.#batch.widen(wider.plan.width);
  }
}
