import type {
  ConfigDefinition,
  ConfigValues,
  SourceRecord,
  TransformationPlugin,
} from '../../plugin/index.ts';
import type { RowBatch } from '../../rows/index.ts';
import { batchOf } from '../batch-of.ts';
import { testRecord } from '../test-record.ts';
import { outcomesOf, type StageOptions, stageOf, type TransformedRow } from '../transform-rows.ts';
import { copyOf, shownData } from './conformance-case.ts';
import { within } from './deadline.ts';

/** Parts of a record; those that are left out are as `testRecord` has them. */
export type RecordParts = Partial<SourceRecord> & Pick<SourceRecord, 'value'>;

/** What a transformation gets: a row's text, or a record, where others stand before it in a feed. */
export type ExampleInput =
  | { readonly row: Readonly<Record<string, string>> }
  | { readonly record: RecordParts };

/** The rows of one run, which may change its records as it likes. */
export class ExampleRows {
  readonly #inputs: readonly ExampleInput[];

  constructor(inputs: readonly ExampleInput[]) {
    this.#inputs = copyOf(
      inputs.map((input) => ('row' in input ? { row: input.row } : { record: input.record })),
    );
  }

  /** The records as `apply` gets them. */
  records(): SourceRecord[] {
    return this.#inputs.map((input, index) => {
      const { value, ...parts } = 'row' in input ? { value: { ...input.row } } : input.record;
      const origin = { ...testRecord(null).origin, row: index + 1, line: index + 1 };
      return testRecord(value, { ...parts, origin });
    });
  }

  /** The rows in batches, which end where `isEnd` says, and wherever other columns begin. */
  batches(isEnd: () => boolean): RowBatch[] {
    const batches: RowBatch[] = [];
    let from = 0;
    for (let index = 1; index <= this.#inputs.length; index++) {
      const isOther = columnsOf(this.#inputs[index]) !== columnsOf(this.#inputs[from]);
      if (index < this.#inputs.length && !isOther && !isEnd()) continue;
      batches.push(this.#batch(from, index, batches.at(-1)));
      from = index;
    }
    return batches;
  }

  #batch(from: number, to: number, before: RowBatch | undefined): RowBatch {
    const inputs = this.#inputs.slice(from, to);
    const batch = batchOf(
      inputs.map((input) => ('row' in input ? input.row : { '': '' })),
      before?.progress,
    );
    inputs.forEach((input, index) => {
      if (!('record' in input)) return;
      const { value, ...parts } = input.record;
      batch.setRecords(index, testRecord(value, { ...parts, origin: batch.origin(index) }));
    });
    return batch;
  }
}

function columnsOf(input: ExampleInput | undefined): string | null {
  return input === undefined || 'record' in input ? null : JSON.stringify(Object.keys(input.row));
}

/** `example 2, { amount: '9.50' }` */
export function exampleTitle(input: ExampleInput, index: number): string {
  return `example ${index + 1}, ${shownData('row' in input ? input.row : input.record.value)}`;
}

export interface RunOptions extends StageOptions {
  readonly isEnd?: () => boolean;
}

/** Takes rows through a transformation, and gives what became of each. */
export async function outcomesFor<D extends ConfigDefinition>(
  plugin: TransformationPlugin<D>,
  values: ConfigValues<D>,
  inputs: readonly ExampleInput[],
  deadlineMs: number,
  { isEnd = () => false, ...options }: RunOptions = {},
): Promise<readonly TransformedRow[]> {
  const stage = await within(deadlineMs, 'create', () => stageOf(plugin, values, options));
  const outcomes: TransformedRow[] = [];
  try {
    for (const batch of new ExampleRows(inputs).batches(isEnd)) {
      await within(deadlineMs, 'apply', async () => stage.run(batch));
      outcomes.push(...outcomesOf(batch));
    }
  } finally {
    await within(deadlineMs, 'close', () => stage.close());
  }
  return outcomes;
}
