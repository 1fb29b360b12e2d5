import { finished } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { transform } from 'stream-transform';
import type { Applied, BatchApplied, RecordSchema, SourceFile, SourceRecord } from '../../plugin/index.ts';
import type { Callee } from '../../plugin-calls/call-board.ts';
import type { PluginCalls } from '../../plugin-calls/plugin-calls.ts';
import {
  isThenable,
  PluginFault,
  type PluginUse,
  placeText,
  shownValue,
} from '../../plugin-calls/plugin-use.ts';
import { requireIntrinsics } from '../../plugin-calls/require-intrinsics.ts';
import { thrownText } from '../../plugin-calls/thrown-at.ts';
import type {
  CellPlan,
  CellPredicate,
  CellStage,
  CellTest,
  CellTransformation,
  RowBatch,
} from '../../rows/index.ts';
import { takeOrder } from '../../values/ordered-row.ts';
import { recordsOf } from './applied-records.ts';
import { freezeAll } from './held-records.ts';
import { isInOrder, LearnedFields } from './learned-fields.ts';
import { answersMistake, type ListedRecord, recordLists } from './record-lists.ts';
import { ReturnedRows } from './returned-rows.ts';
import { isRetriable, RowOutcomes } from './row-outcomes.ts';

export interface StageOptions {
  readonly plugin: PluginUse;
  readonly transformation: CellTransformation;
  /** `transforms.X.predicate` and `transforms.X.negate`. */
  readonly predicate: {
    readonly plugin: PluginUse;
    readonly test: CellPredicate;
    readonly negate: boolean;
  } | null;
  readonly calls: PluginCalls;
  /** How many records may be in an asynchronous `apply` at once. */
  readonly parallel: number;
}

/** One transformation of a chain, applied to the rows of a batch in order. */
export class TransformationStage {
  readonly #options: StageOptions;
  /** Known from the first promise that `apply` gave. */
  #asynchronous = false;
  /** What the transformation, or the predicate, was last compiled for. */
  #compiledFor: { readonly plan: CellPlan; readonly file: SourceFile } | null = null;
  #cellStage: CellStage | null = null;
  #cellTest: CellTest | null = null;
  readonly #learned = new LearnedFields();
  readonly #outcomes: RowOutcomes;
  /** The schema that was frozen last. */
  #frozen: RecordSchema | null = null;

  /** Both are null where they are built in, and need no watching. */
  readonly #apply: Callee | null;
  readonly #test: Callee | null;

  constructor(options: StageOptions) {
    this.#options = options;
    const { plugin, predicate } = options;
    const isOfLists = options.transformation.applyBatch !== undefined;
    this.#apply = watched(plugin, isOfLists ? 'applyBatch, of the rows from there on,' : 'apply');
    this.#outcomes = new RowOutcomes(plugin);
    this.#test = predicate && watched(predicate.plugin, 'test');
  }

  /** Returns at once when the transformation is synchronous. */
  run(batch: RowBatch): void | Promise<void> {
    const pending = this.#run(batch);
    if (!this.#isForeign) return pending;
    if (pending === undefined) return this.#requireIntrinsics(batch);
    return pending.then(() => this.#requireIntrinsics(batch));
  }

  get #isForeign(): boolean {
    return this.#apply !== null || this.#test !== null;
  }

  #requireIntrinsics(batch: RowBatch): void {
    const { plugin, predicate } = this.#options;
    const rows = `rows ${batch.rowNumber(0)} to ${batch.rowNumber(batch.rowCount - 1)} of ${batch.file.path}`;
    requireIntrinsics(this.#apply === null && predicate !== null ? predicate.plugin : plugin, rows);
  }

  #run(batch: RowBatch): void | Promise<void> {
    if (this.#options.transformation.applyBatch !== undefined) return this.#applyToLists(batch);
    if (this.#asynchronous) return this.#runAsynchronously(batch, 0);
    this.#compile(batch);
    if (this.#cellStage !== null) return this.#takeCells(batch, this.#cellStage);
    if (this.#cellTest !== null) return this.#dropCells(batch, this.#cellTest);
    return this.#applyToRows(batch);
  }

  /** Whether it takes rows, or drops them, as cells; once per plan and file. */
  #compile({ plan, file }: RowBatch): void {
    if (this.#compiledFor?.plan === plan && this.#compiledFor.file === file) return;
    this.#compiledFor = { plan, file };
    const { transformation, predicate } = this.#options;
    const stage = predicate === null ? (transformation.compileCells?.(plan, file) ?? null) : null;
    this.#cellStage = stage !== null && isInOrder(stage.plan) ? stage : null;
    const dropsBy = transformation.dropsAll === true ? predicate : null;
    this.#cellTest = dropsBy?.test.compileCells?.(plan) ?? null;
  }

  /** Asks of the cells themselves whether the row is dropped. */
  #dropCells(batch: RowBatch, test: CellTest): void {
    const negate = this.#options.predicate?.negate;
    for (let index = 0; index < batch.rowCount; index++) {
      if (!batch.isLive(index)) continue;
      if (!batch.isCells(index)) {
        this.#applyToRow(batch, index);
        continue;
      }
      try {
        if (test(batch.cells, index) !== negate) batch.filter(index);
      } catch (error) {
        this.#outcomes.refuse(batch, index, error);
      }
    }
  }

  /** Rows that the transformation takes as cells stay cells; all others become records and go the general way. */
  #takeCells(batch: RowBatch, cellStage: CellStage): void {
    const { plan } = cellStage;
    batch.widen(plan.width);
    const { cells } = batch;
    for (let index = 0; index < batch.rowCount; index++) {
      const end = batch.endOfCells(index);
      if (end > index) index = cellStage.takes(cells, index, end);
      if (index < batch.rowCount && batch.isLive(index)) this.#applyToRow(batch, index);
    }
    batch.adopt(plan);
  }

  #applyToRows(batch: RowBatch): void | Promise<void> {
    keepRecordsYoung();
    const returned = new ReturnedRows(batch, this.#learned);
    for (let index = 0; index < batch.rowCount; index++) {
      if (!batch.isLive(index)) continue;
      const pending = batch.isCells(index)
        ? this.#applyToCells(batch, index, returned)
        : this.#applyToRow(batch, index);
      if (pending === undefined) continue;
      this.#asynchronous = true;
      returned.stop(index + 1);
      return this.#finish(pending, batch, index + 1);
    }
    returned.end();
  }

  async #finish(pending: PromiseLike<void>, batch: RowBatch, from: number): Promise<void> {
    await pending;
    await this.#runAsynchronously(batch, from);
  }

  async close(): Promise<void> {
    const { calls, plugin, transformation } = this.#options;
    await calls.run({ plugin, how: 'close' }, () => transformation.close?.());
  }

  /** Rows finish in any order, but each is put back in its own place, so the batch keeps the file's order. */
  async #runAsynchronously(batch: RowBatch, from: number): Promise<void> {
    const rows = transform(
      { parallel: this.#options.parallel },
      (index: number, done: (error?: Error) => void) => {
        Promise.resolve(this.#applyToRow(batch, index)).then(() => done(), done);
      },
    );
    const ended = finished(rows.resume());
    for (let index = from; index < batch.rowCount && !rows.destroyed; index++) {
      if (!batch.isLive(index)) continue;
      if (!rows.write(index))
        await Promise.race([new Promise((resolve) => rows.once('drain', resolve)), ended]);
    }
    rows.end();
    await ended;
  }

  #applyToCells(batch: RowBatch, index: number, returned: ReturnedRows): PromiseLike<void> | undefined {
    try {
      const applied = this.#applyTo(batch, index, batch.lend(index));
      if (isThenable(applied)) return this.#settleLater(batch, index, applied);
      if (!isOne(applied) || !returned.takes(index, applied)) this.#outcomes.settle(batch, index, applied);
    } catch (error) {
      this.#outcomes.refuse(batch, index, error);
    }
    return undefined;
  }

  #applyToRow(batch: RowBatch, index: number): PromiseLike<void> | undefined {
    try {
      const only = batch.record(index);
      if (only === null) return this.#applyToMany(batch, index, batch.records(index));
      const applied = this.#applyTo(batch, index, only);
      if (isThenable(applied)) return this.#settleLater(batch, index, applied);
      this.#outcomes.settle(batch, index, applied);
    } catch (error) {
      this.#outcomes.refuse(batch, index, error);
    }
    return undefined;
  }

  #applyTo(batch: RowBatch, index: number, record: SourceRecord): Applied | Promise<Applied> {
    this.#share(record);
    if (!this.#selects(batch, index, record)) return record;
    const { value } = record;
    const { transformation } = this.#options;
    const applied = this.#called(this.#apply, batch, index, () => transformation.apply(record));
    return isThenable(applied)
      ? applied.then((result) => inOrderOf(value, result))
      : inOrderOf(value, applied);
  }

  /** Calls a function of a plugin; where it is none of ours, so that it is known which one on which row. */
  #called<T>(callee: Callee | null, batch: RowBatch, index: number, call: () => T): T {
    if (callee === null) return call();
    const { calls } = this.#options;
    calls.begin(callee, batch.file.path, batch.rowNumber(index));
    try {
      return call();
    } finally {
      calls.end();
    }
  }

  /** All rows have its schema, which is frozen before a plugin of a user's sees it. */
  #share({ valueSchema }: SourceRecord): void {
    if (!this.#isForeign || valueSchema === this.#frozen) return;
    this.#frozen = valueSchema;
    if (valueSchema !== null) freezeAll(valueSchema);
  }

  #settleLater(batch: RowBatch, index: number, applied: PromiseLike<Applied>): PromiseLike<void> {
    return this.#inTime(batch, index, applied).then(
      (result) => this.#outcomes.settle(batch, index, result),
      (error) => this.#outcomes.refuse(batch, index, error),
    );
  }

  #inTime(batch: RowBatch, index: number, applied: PromiseLike<Applied>): PromiseLike<Applied> {
    if (this.#apply === null) return applied;
    const origin = batch.origin(index);
    return this.#options.calls.settled(this.#apply, placeText(origin), origin.row, applied);
  }

  async #applyToLists(batch: RowBatch): Promise<void> {
    for (const list of recordLists(batch, (index) => this.#listed(batch, index))) {
      const selected = list.filter(({ isSelected }) => isSelected);
      const results = (await this.#resultsOf(batch, selected)).values();
      for (const [index, records] of Map.groupBy(list, (listed) => listed.index))
        this.#settleRow(batch, index, records, results);
    }
  }

  /** The records of a row, where one of them at least is for the function. */
  #listed(batch: RowBatch, index: number): readonly ListedRecord[] {
    try {
      const records = batch.records(index).map((record) => {
        this.#share(record);
        return { index, record, isSelected: this.#selects(batch, index, record) };
      });
      return records.some(({ isSelected }) => isSelected) ? records : [];
    } catch (error) {
      this.#outcomes.refuse(batch, index, error);
      return [];
    }
  }

  /** @throws PluginFault when there is not one for each */
  async #resultsOf(batch: RowBatch, list: readonly ListedRecord[]): Promise<readonly BatchApplied[]> {
    const [first = 0, last = 0] = [list[0], list.at(-1)].map((one) => batch.rowNumber(one?.index ?? 0));
    const place = `rows ${first} to ${last} of ${batch.file.path}`;
    const { plugin, transformation, calls } = this.#options;
    const records = list.map(({ record }) => record);
    try {
      const act = () => transformation.applyBatch?.(records);
      const given = this.#called(this.#apply, batch, list[0]?.index ?? 0, act);
      const isWatched = this.#apply !== null && isThenable(given);
      const results = isWatched
        ? await calls.settled(this.#apply as Callee, place, first, given)
        : await given;
      const mistake = answersMistake(results, records.length);
      if (mistake !== null) throw new PluginFault(plugin, `${place}: ${mistake}`);
      return results as readonly BatchApplied[];
    } catch (error) {
      if (error instanceof PluginFault) throw error;
      const what = `${place}: applyBatch threw: ${thrownText(error, plugin.modulePath)}`;
      throw new PluginFault(plugin, what, { cause: error, retriable: isRetriable(error) });
    }
  }

  /** @param results of all records that follow, of which it takes its own */
  #settleRow(
    batch: RowBatch,
    index: number,
    records: readonly ListedRecord[],
    results: Iterator<BatchApplied, undefined>,
  ): void {
    const given = records.map(({ record, isSelected }) => {
      const applied = isSelected ? (results.next().value as BatchApplied) : record;
      return applied instanceof Error ? applied : inOrderOf(record.value, applied);
    });
    const error = given.find((one) => one instanceof Error);
    if (error !== undefined) return this.#outcomes.refuse(batch, index, error);
    for (const applied of given as readonly Applied[]) this.#outcomes.requireRecords(batch, index, applied);
    this.#outcomes.settle(batch, index, (given as readonly Applied[]).flatMap(recordsOf));
  }

  async #applyToMany(batch: RowBatch, index: number, records: readonly SourceRecord[]): Promise<void> {
    try {
      const all: SourceRecord[] = [];
      for (const record of records) {
        const given = this.#applyTo(batch, index, record);
        const applied = isThenable(given) ? await this.#inTime(batch, index, given) : given;
        this.#outcomes.requireRecords(batch, index, applied);
        all.push(...recordsOf(applied));
      }
      this.#outcomes.settle(batch, index, all);
    } catch (error) {
      this.#outcomes.refuse(batch, index, error);
    }
  }

  #selects(batch: RowBatch, index: number, record: SourceRecord): boolean {
    const { predicate } = this.#options;
    if (predicate === null) return true;
    const answer: unknown = this.#called(this.#test, batch, index, () => predicate.test.test(record));
    if (typeof answer === 'boolean') return answer !== predicate.negate;
    const mistake = `test gave ${shownValue(answer)}; expected true or false`;
    throw new PluginFault(predicate.plugin, `${placeText(batch.origin(index))}: ${mistake}`);
  }
}

/** The records, with the fields of their rows in the order of the row that they were made of. */
function inOrderOf(value: unknown, applied: Applied): Applied {
  if (Array.isArray(applied)) for (const record of applied) takeOrder(record?.value, value);
  else if (isOne(applied)) takeOrder(applied.value, value);
  return applied;
}

function watched(plugin: PluginUse, how: string): Callee | null {
  return plugin.modulePath === null ? null : { plugin, how };
}

function isOne(applied: Applied): applied is SourceRecord {
  return typeof applied === 'object' && applied !== null && !Array.isArray(applied);
}

let areYoung = false;

/**
 * Keeps V8 from making records in the old generation. It does so, for a whole process, once it has seen enough of what
 * was made by the same code outlive a collection; a million dead records there cost half a second of CPU.
 */
function keepRecordsYoung(): void {
  if (areYoung) return;
  areYoung = true;
  setFlagsFromString('--no-allocation-site-pretenuring');
}
