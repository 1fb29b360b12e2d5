import type {
  Applied,
  ConfigDefinition,
  ConfigValues,
  SourceRecord,
  TransformationPlugin,
} from '../../plugin/index.ts';
import { type Options, valuesOf } from '../option-values.ts';
import { testContext } from '../test-context.ts';
import { outcomesOf, stageOf, type TransformedRow } from '../transform-rows.ts';
import { byChance } from './chance.ts';
import {
  type BatteryOptions,
  type ConformanceCase,
  conformanceCases,
  copyOf,
  expectSame,
  expectThat,
  shownData,
} from './conformance-case.ts';
import { DEADLINE_MS, within } from './deadline.ts';
import { expectNamedError } from './error-checks.ts';
import { type ExampleInput, ExampleRows, exampleTitle, outcomesFor } from './example-rows.ts';
import { leavingNothing } from './left-running.ts';
import { optionChecks, type WrongOptions } from './option-checks.ts';

/** A row, and what becomes of it. */
export type TransformationExample = ExampleInput &
  (
    | {
        /** The record, or records, as far as it is said what is in them; null where the row is filtered out. */
        readonly gives: Partial<SourceRecord> | readonly Partial<SourceRecord>[] | null;
      }
    | {
        /** A part of the message with which the row is rejected. */
        readonly rejects: string;
      }
  );

export interface TransformationBattery extends BatteryOptions {
  /** Dotted keys and their text, without the `transforms.<label>.` before them. */
  readonly options?: Options;
  /** One row after another, as they stand in a file. */
  readonly examples: readonly TransformationExample[];
  readonly wrongOptions?: readonly WrongOptions[];
}

const CUTS = 20;

/**
 * What every transformation must do, by examples of what this one does.
 *
 *     for (const { name, run } of testTransformation(plugin, { examples })) test(name, run);
 */
export function testTransformation<D extends ConfigDefinition>(
  plugin: TransformationPlugin<D>,
  { options = {}, examples, wrongOptions, seed, deadlineMs = DEADLINE_MS }: TransformationBattery,
): readonly ConformanceCase[] {
  const run = new TransformationRun(plugin, options, examples, deadlineMs);
  return conformanceCases(`transformation ${plugin.name}`, {
    ...optionChecks(plugin, options, wrongOptions),
    'makes of each row what its example says': () => run.examples(),
    'makes the same of them in any batches': () =>
      byChance(seed, (random) => run.anyBatches(() => random() < 0.5)),
    'gives each row its own records, however many are on their way': () => run.ownRecords(),
    'leaves alone what rows share': () => run.shared(),
    'touches no record once it was given': () => run.givenRecords(),
    'rejects rows by errors that say what is wrong': () => run.errors(),
    'serves two tasks, of which one is closed before the other': () => run.twoTasks(),
    'comes to its end when the task is told to stop': () => run.stop(),
    'leaves nothing running when it is closed': () => leavingNothing(deadlineMs, () => run.outcomes()),
    'has the fields behind it that it says': () => run.fieldUse(),
  });
}

class TransformationRun<D extends ConfigDefinition> {
  readonly #plugin: TransformationPlugin<D>;
  readonly #options: Options;
  readonly #examples: readonly TransformationExample[];
  readonly #deadlineMs: number;

  constructor(
    plugin: TransformationPlugin<D>,
    options: Options,
    examples: readonly TransformationExample[],
    deadlineMs: number,
  ) {
    this.#plugin = plugin;
    this.#options = options;
    this.#examples = examples;
    this.#deadlineMs = deadlineMs;
  }

  outcomes(options?: Parameters<typeof outcomesFor>[4]): Promise<readonly TransformedRow[]> {
    return outcomesFor(this.#plugin, this.#values(), this.#examples, this.#deadlineMs, options);
  }

  async examples(): Promise<void> {
    const outcomes = await this.outcomes();
    this.#examples.forEach((example, index) => {
      expectOutcome(exampleTitle(example, index), example, outcomes[index] as TransformedRow);
    });
  }

  async anyBatches(isEnd: () => boolean): Promise<void> {
    const whole = await this.outcomes();
    const always = { test: () => true };
    this.#expectOutcomes(whole, await this.outcomes({ predicate: always }), 'beneath a predicate');
    for (let cut = 0; cut < CUTS; cut++)
      this.#expectOutcomes(whole, await this.outcomes({ isEnd }), 'in other batches');
  }

  async ownRecords(): Promise<void> {
    const outcomes = await this.outcomes();
    outcomes.forEach((outcome, index) => {
      if (outcome.outcome !== 'records') return;
      for (const { origin } of outcome.records)
        expectSame(`${this.#title(index)}: the row that its record is of`, index + 1, origin.row);
    });
    this.#expectOutcomes(await this.outcomes({ parallel: 1 }), outcomes, 'beside others');
  }

  async shared(): Promise<void> {
    const values = this.#values();
    const before = copyOf(values);
    const records = new ExampleRows(this.#examples).records();
    const schemas = copyOf(records.map(({ valueSchema }) => valueSchema));
    await this.#applyAll(
      records.map((record) => ({ ...record })),
      values,
    );
    expectSame('its options, which all tasks share', before, values);
    records.forEach(({ valueSchema }, index) => {
      const what = `${this.#title(index)}: the valueSchema that it came with, which all rows share`;
      expectSame(what, schemas[index], valueSchema);
    });
  }

  async givenRecords(): Promise<void> {
    const given = await this.#applyAll(new ExampleRows(this.#examples).records(), this.#values());
    given.forEach((one, index) => {
      if (one === null) return;
      expectSame(`${this.#title(index)}: what it gave, when the task ends`, one.atOnce, one.now);
      expectApart(this.#title(index), one.now);
    });
  }

  async errors(): Promise<void> {
    const outcomes = await this.outcomes();
    outcomes.forEach((outcome, index) => {
      if (outcome.outcome !== 'rejected') return;
      const example = this.#examples[index] as TransformationExample;
      const values = Object.values(('row' in example ? example.row : example.record.value) ?? {});
      expectNamedError(this.#title(index), outcome.rejection, values);
    });
  }

  async twoTasks(): Promise<void> {
    const alone = await this.outcomes();
    const other = await stageOf(this.#plugin, this.#values(), { context: { ...testContext(), taskId: 1 } });
    await this.outcomes();
    const outcomes: TransformedRow[] = [];
    try {
      for (const batch of new ExampleRows(this.#examples).batches(() => false)) {
        await within(this.#deadlineMs, 'apply', async () => other.run(batch));
        outcomes.push(...outcomesOf(batch));
      }
    } finally {
      await other.close();
    }
    this.#expectOutcomes(alone, outcomes, 'in a second task');
  }

  async stop(): Promise<void> {
    const stopping = new AbortController();
    const context = { ...testContext(), signal: stopping.signal };
    const stage = await stageOf(this.#plugin, this.#values(), { context });
    const [batch] = new ExampleRows(this.#examples).batches(() => false);
    if (batch === undefined) return;
    const running = (async () => stage.run(batch))().catch(() => {});
    stopping.abort();
    await within(this.#deadlineMs, 'apply, once the signal has aborted,', () => running);
    await within(this.#deadlineMs, 'close', () => stage.close());
  }

  async fieldUse(): Promise<void> {
    const use = await this.#plugin.fieldUse?.(this.#values());
    if (use === undefined) return;
    const outcomes = await this.outcomes();
    this.#examples.forEach((example, index) => {
      const outcome = outcomes[index] as TransformedRow;
      if (!('row' in example) || outcome.outcome !== 'records') return;
      const said = use.after(Object.keys(example.row));
      if (said === null) return;
      for (const { value } of outcome.records) {
        const more = Object.keys(value ?? {}).filter((name) => !said.includes(name));
        const message = () =>
          `${this.#title(index)}: fieldUse: expected no fields behind it but ${said.join(', ')}, got ${more.join(', ')}`;
        expectThat(typeof value !== 'object' || more.length === 0, message);
      }
    });
  }

  #values(): ConfigValues<D> {
    return valuesOf(this.#plugin, this.#options);
  }

  #title(index: number): string {
    return exampleTitle(this.#examples[index] as TransformationExample, index);
  }

  #expectOutcomes(expected: readonly TransformedRow[], got: readonly TransformedRow[], how: string): void {
    expected.forEach((outcome, index) => {
      expectSame(`${this.#title(index)}: what becomes of it ${how}`, outcome, got[index]);
    });
  }

  /** What `apply` gave of each record, at once and when the task has ended; null where it threw. */
  async #applyAll(records: readonly SourceRecord[], values: ConfigValues<D>) {
    const transformation = await this.#plugin.create(values, testContext());
    const given: ({ readonly atOnce: Applied; readonly now: Applied } | null)[] = [];
    for (const record of records) {
      try {
        const now = await within(this.#deadlineMs, 'apply', () => transformation.apply(record));
        given.push({ atOnce: copyOf(now), now });
      } catch {
        given.push(null);
      }
    }
    await within(this.#deadlineMs, 'close', () => transformation.close?.());
    return given;
  }
}

function expectOutcome(about: string, example: TransformationExample, outcome: TransformedRow): void {
  if ('rejects' in example) {
    const got = outcome.outcome === 'rejected' ? outcome.rejection.message : shownOutcome(outcome);
    const isAsSaid = outcome.outcome === 'rejected' && got.includes(example.rejects);
    expectThat(isAsSaid, () => `${about}: expected to be rejected with "${example.rejects}", got ${got}`);
    return;
  }
  const { gives } = example;
  if (gives === null) {
    const isAsSaid = outcome.outcome === 'filtered';
    expectThat(isAsSaid, () => `${about}: expected to be filtered out, got ${shownOutcome(outcome)}`);
    return;
  }
  const wanted = (Array.isArray(gives) ? gives : [gives]) as readonly Partial<SourceRecord>[];
  const records = outcome.outcome === 'records' ? outcome.records : [];
  const isAsMany = records.length === wanted.length;
  expectThat(isAsMany, () => `${about}: expected ${countOf(wanted.length)}, got ${shownOutcome(outcome)}`);
  wanted.forEach((parts, index) => {
    const record = records[index] as SourceRecord;
    for (const name of Object.keys(parts) as (keyof SourceRecord)[])
      expectSame(`${about}: ${name}`, parts[name], record[name]);
  });
}

function countOf(records: number): string {
  return records === 1 ? 'a record' : `${records} records`;
}

function shownOutcome(outcome: TransformedRow): string {
  if (outcome.outcome === 'filtered') return 'a row that is filtered out';
  if (outcome.outcome === 'rejected') return `a row that is rejected: ${outcome.rejection.message}`;
  const values = outcome.records.map(({ value }) => value);
  return `${countOf(values.length)}: ${shownData(values.length === 1 ? values[0] : values)}`;
}

/** Whoever is next may change a record in place: of several none may change with another. */
function expectApart(about: string, applied: Applied): void {
  if (!Array.isArray(applied)) return;
  const records: readonly SourceRecord[] = applied;
  for (const [what, parts] of [
    ['record', records],
    ['value', records.map(({ value }) => value)],
    ['headers', records.map(({ headers }) => headers)],
  ] as const) {
    const objects = parts.filter((part) => typeof part === 'object' && part !== null);
    const isApart = new Set(objects).size === objects.length;
    expectThat(
      isApart,
      () => `${about}: expected records with a ${what} of their own each, got one that they share`,
    );
  }
}
