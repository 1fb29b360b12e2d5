import {
  type AddedField,
  addedFields,
  type CellPlan,
  type RowBatch,
  type WiderPlan,
  widerPlan,
} from '../../rows/index.ts';

/** Whether fields that a function has added stand behind those of the schema, where converters write them. */
export function isInOrder({ fields, valueSchema }: CellPlan): boolean {
  if (valueSchema === null) return true;
  return valueSchema.fields.every(({ name }, index) => fields[index]?.name === name);
}

/**
 * Which fields a function adds to rows, learned from the first row of a batch: not from a whole one, whose objects would
 * live so long that V8 takes all later ones for long-lived as well. A function that does not add them to most rows has
 * nothing to gain: it is left alone from then on.
 */
export class LearnedFields {
  #fields: readonly AddedField[] = [];
  #isLearning = true;
  /** What the fields were last added to. */
  #from: CellPlan | null = null;
  #wider: WiderPlan | null = null;

  /** The plan of a batch's rows after the function; null where nothing is learned, or does not fit. */
  planFor(plan: CellPlan): WiderPlan | null {
    if (this.#fields.length === 0) return null;
    if (this.#from !== plan) {
      this.#from = plan;
      this.#wider = widerPlan(plan, this.#fields);
    }
    return this.#wider;
  }

  /** Learns from the value of a record whose row could not stay cells; gives what `planFor` gives then. */
  learn(plan: CellPlan, value: unknown): WiderPlan | null {
    if (this.#isLearning && this.#fields.length === 0) this.#fields = addedFields(plan, value);
    return this.planFor(plan);
  }

  /** Looks at a batch whose rows have the fields as cells where they can. */
  judge(batch: RowBatch): void {
    let live = 0;
    let cells = 0;
    for (let index = 0; index < batch.rowCount; index++) {
      if (batch.isLive(index)) live++;
      if (batch.isCells(index)) cells++;
    }
    if (2 * cells >= live) return;
    this.#isLearning = false;
    this.#fields = [];
  }
}
