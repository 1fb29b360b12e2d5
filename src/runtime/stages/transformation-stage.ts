import { finished } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { transform } from 'stream-transform';
import { HeadraceError, messageOf } from '../../errors.ts';
import type { Applied, RecordSchema, Rejection, SourceFile, SourceRecord } from '../../plugin/index.ts';
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
import { thrownMasked, thrownText } from '../../plugin-calls/thrown-at.ts';
import type {
  CellPlan,
  CellPredicate,
  CellStage,
  CellTest,
  CellTransformation,
  RowBatch,
} from '../../rows/index.ts';
import { takeOrder } from '../../values/ordered-row.ts';
import { appliedMistake, recordsOf } from './applied-records.ts';
import { freezeAll, unshared } from './held-records.ts';
import { isInOrder, LearnedFields } from './learned-fields.ts';
import { ReturnedRows } from './returned-rows.ts';

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
  /** The schema that was frozen last. */
  #frozen: RecordSchema | null = null;

  /** Both are null where they are built in, and need no watching. */
  readonly #apply: Callee | null;
  readonly #test: Callee | null;

  constructor(options: StageOptions) {
    this.#options = options;
    const { plugin, predicate } = options;
    this.#apply = watched(plugin, 'apply');
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
    if (this.#asynchronous) return this.#runAsynchronously(batch, 0);
    const cellStage = this.#cellStageFor(batch);
    if (cellStage !== null) {
      this.#takeCells(batch, cellStage);
      return;
    }
    const cellTest = this.#cellTestFor(batch);
    if (cellTest !== null) return this.#dropCells(batch, cellTest);
    return this.#applyToRows(batch);
  }

  /** Asks of the cells themselves whether the row is dropped. */
  #cellTestFor({ plan, file }: RowBatch): CellTest | null {
    const { transformation, predicate } = this.#options;
    if (predicate === null || transformation.dropsAll !== true) return null;
    if (this.#compiledFor?.plan !== plan || this.#compiledFor.file !== file) {
      this.#compiledFor = { plan, file };
      this.#cellTest = predicate.test.compileCells?.(plan) ?? null;
    }
    return this.#cellTest;
  }

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
        this.#refuse(batch, index, error);
      }
    }
  }

  #cellStageFor({ plan, file }: RowBatch): CellStage | null {
    const { transformation, predicate } = this.#options;
    if (predicate !== null || transformation.compileCells === undefined) return null;
    if (this.#compiledFor?.plan !== plan || this.#compiledFor.file !== file) {
      this.#compiledFor = { plan, file };
      const compiled = transformation.compileCells(plan, file);
      this.#cellStage = compiled !== null && isInOrder(compiled.plan) ? compiled : null;
    }
    return this.#cellStage;
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
      if (!isOne(applied) || !returned.takes(index, applied)) this.#settle(batch, index, applied);
    } catch (error) {
      this.#refuse(batch, index, error);
    }
    return undefined;
  }

  #applyToRow(batch: RowBatch, index: number): PromiseLike<void> | undefined {
    try {
      const only = batch.record(index);
      if (only === null) return this.#applyToMany(batch, index, batch.records(index));
      const applied = this.#applyTo(batch, index, only);
      if (isThenable(applied)) return this.#settleLater(batch, index, applied);
      this.#settle(batch, index, applied);
    } catch (error) {
      this.#refuse(batch, index, error);
    }
    return undefined;
  }

  #applyTo(batch: RowBatch, index: number, record: SourceRecord): Applied | Promise<Applied> {
    if (this.#isForeign && record.valueSchema !== this.#frozen) this.#freeze(record.valueSchema);
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

  /** All rows have it. Other threads have others, so it need not be copied. */
  #freeze(schema: RecordSchema | null): void {
    this.#frozen = schema;
    if (schema !== null) freezeAll(schema);
  }

  #settleLater(batch: RowBatch, index: number, applied: PromiseLike<Applied>): PromiseLike<void> {
    return this.#inTime(batch, index, applied).then(
      (result) => this.#settle(batch, index, result),
      (error) => this.#refuse(batch, index, error),
    );
  }

  #inTime(batch: RowBatch, index: number, applied: PromiseLike<Applied>): PromiseLike<Applied> {
    if (this.#apply === null) return applied;
    const origin = batch.origin(index);
    return this.#options.calls.settled(this.#apply, placeText(origin), origin.row, applied);
  }

  async #applyToMany(batch: RowBatch, index: number, records: readonly SourceRecord[]): Promise<void> {
    try {
      const all: SourceRecord[] = [];
      for (const record of records) {
        const given = this.#applyTo(batch, index, record);
        const applied = isThenable(given) ? await this.#inTime(batch, index, given) : given;
        this.#requireRecords(batch, index, applied);
        all.push(...recordsOf(applied));
      }
      this.#settle(batch, index, all);
    } catch (error) {
      this.#refuse(batch, index, error);
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

  #settle(batch: RowBatch, index: number, applied: Applied): void {
    this.#requireRecords(batch, index, applied);
    const records = recordsOf(applied);
    if (records.length === 0) batch.filter(index);
    else {
      const own = this.#apply === null ? records : records.map(unshared);
      batch.setRecords(index, own.length === 1 ? (own[0] as SourceRecord) : own);
    }
  }

  /** @throws PluginFault when it is something else: a function that gives nothing would filter every row */
  #requireRecords(batch: RowBatch, index: number, applied: Applied): void {
    if (applied === null) return;
    const calledFor = { filePath: batch.file.path, row: batch.rowNumber(index) };
    const mistake = appliedMistake(applied, calledFor);
    if (mistake !== null)
      throw new PluginFault(this.#options.plugin, `${placeText(batch.origin(index))}: ${mistake}`);
  }

  /** A server that is away is no fault of the row: it goes on to end the task, which is tried again. */
  #refuse(batch: RowBatch, index: number, error: unknown): void {
    if (error instanceof PluginFault) throw error;
    const { plugin } = this.#options;
    if (isRetriable(error)) {
      const message = `${plugin.name}: ${messageOf(error)}`;
      throw new HeadraceError('PLUGIN_FAILED', message, { cause: error, retriable: true });
    }
    batch.reject(index, rejectionOf(plugin, error));
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

function rejectionOf({ name: plugin, modulePath }: PluginUse, error: unknown): Rejection {
  const errorName = error instanceof Error ? error.name : 'Error';
  const message = thrownText(error, modulePath);
  const masked = thrownMasked(error, modulePath);
  const reason = masked === undefined ? { message } : { message, masked };
  return { stage: 'TRANSFORMATION', plugin, errorName, ...reason };
}

function isRetriable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retriable' in error && error.retriable === true;
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
