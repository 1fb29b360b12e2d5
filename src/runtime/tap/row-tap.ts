import type { SourceRecord } from '../../plugin/index.ts';
import type { RowBatch } from '../../rows/index.ts';
import { didYouMean } from '../../values/closest-name.ts';
import { namesOf } from '../../values/ordered-row.ts';
import { shownText } from '../../values/shown.ts';
import type { RecordText } from './record-text.ts';
import type { Tapped, TapRequest } from './tap-messages.ts';

/** What a tap may take in each second of a feed: for eyes a hundred records are many. */
export const TAP_LIMITS = { records: 100, bytes: 256 * 1024 } as const;
/** What all taps of a task may take of its thread in each second, but for a few rows. */
const MOST_MS = 20;
/** A machine that is busy has no time to give, and something is to be seen all the same. */
const LEAST_ROWS = 4;

const SECOND_MS = 1_000;
/** Of a file with thousands of columns. */
const MOST_NAMES = 20;

export interface RowTapOptions {
  readonly id: number;
  readonly request: TapRequest;
  /** Tasks that share the limits. */
  readonly taskCount: number;
  readonly text: RecordText;
}

/** Takes samples of the rows that come by at a stage, in as much as it may, and counts the others. */
export class RowTap {
  readonly request: TapRequest;
  readonly #id: number;
  readonly #text: RecordText;
  readonly #mostRecords: number;
  readonly #mostBytes: number;
  /** When the second began that its limits are of, by performance.now. */
  #since = Number.NEGATIVE_INFINITY;
  /** What it has taken in this second. */
  #records = 0;
  #bytes = 0;
  #ms = 0;
  #looked = 0;
  /** Its field was seen in a row. */
  #knowsField = false;
  #taken: string[] = [];
  #rows = 0;
  #passedOver = 0;
  #mistake: string | null = null;

  constructor({ id, request, taskCount, text }: RowTapOptions) {
    this.#id = id;
    this.request = request;
    this.#text = text;
    this.#mostRecords = Math.max(1, Math.floor(TAP_LIMITS.records / taskCount));
    this.#mostBytes = TAP_LIMITS.bytes / taskCount;
  }

  /** @param taps how many share the thread's time */
  look(batch: RowBatch, taps: number): void {
    const begun = performance.now();
    if (begun - this.#since >= SECOND_MS) this.#beginSecond(begun);
    const mostMs = MOST_MS / taps;
    const live = batch.liveCount;
    this.#rows += live;
    if (this.#mayTake(mostMs)) this.#passedOver += live - this.#lookAtSome(batch, begun, mostMs);
    else this.#passedOver += live;
  }

  /** Gives how many rows it has looked at. */
  #lookAtSome(batch: RowBatch, begun: number, mostMs: number): number {
    const rows = liveRows(batch);
    // Of many rows those are shown that are spread over all of them; where some are looked for, each may be one.
    const left = this.#mostRecords - this.#records;
    const step = this.request.where === null ? Math.max(1, Math.ceil(rows.length / Math.max(1, left))) : 1;
    const before = this.#ms;
    let looked = 0;
    for (let at = 0; at < rows.length && this.#mayTake(mostMs); at += step) {
      this.#lookAt(batch, rows[at] as number);
      looked++;
      this.#looked++;
      this.#ms = before + performance.now() - begun;
    }
    if (looked > 0) this.#requireField(batch, rows[0] as number);
    return looked;
  }

  /** What is to be told since the last time; null for nothing. */
  take(): Tapped | null {
    if (this.#rows === 0 && this.#mistake === null) return null;
    const told = {
      type: 'tapped',
      id: this.#id,
      records: this.#taken,
      rows: this.#rows,
      passedOver: this.#passedOver,
      mistake: this.#mistake,
    } as const;
    this.#taken = [];
    this.#rows = 0;
    this.#passedOver = 0;
    this.#mistake = null;
    return told;
  }

  get hasRecords(): boolean {
    return this.#taken.length > 0;
  }

  #beginSecond(now: number): void {
    this.#since = now;
    this.#records = 0;
    this.#bytes = 0;
    this.#ms = 0;
    this.#looked = 0;
  }

  #mayTake(mostMs: number): boolean {
    const hasTime = this.#ms < mostMs || this.#looked < LEAST_ROWS;
    return hasTime && this.#records < this.#mostRecords && this.#bytes < this.#mostBytes;
  }

  /** A row has several records where a transformation has made them of it. */
  #lookAt(batch: RowBatch, index: number): void {
    for (const record of batch.peek(index)) {
      if (this.#records >= this.#mostRecords) return;
      if (this.#isWanted(record)) this.#show(record);
    }
  }

  #isWanted({ value }: SourceRecord): boolean {
    const { where } = this.request;
    if (where === null) return true;
    if (!isRow(value) || !Object.hasOwn(value, where.field)) return false;
    this.#knowsField = true;
    return this.#text.valueText(value[where.field]) === where.text;
  }

  #show(record: SourceRecord): void {
    const text = this.#text.of(record);
    // What a plugin has made may have no text, or more than is to be sent.
    if (text === null || text.length > this.#mostBytes) {
      this.#passedOver++;
      return;
    }
    this.#taken.push(text);
    this.#records++;
    this.#bytes += text.length;
  }

  /** A name that no row has is told once there were rows: nothing else knows the names that files have. */
  #requireField(batch: RowBatch, index: number): void {
    const { where } = this.request;
    if (where === null || this.#knowsField) return;
    this.#knowsField = true;
    const names = batch.peek(index).flatMap(({ value }) => (isRow(value) ? namesOf(value) : []));
    const some = `${names.slice(0, MOST_NAMES).join(', ')}${names.length > MOST_NAMES ? ', …' : ''}`;
    const meant = didYouMean(where.field, names, (name) => shownText(name));
    const there = names.length === 0 ? 'its records have no fields' : `its records have ${some}`;
    this.#mistake = `where: ${batch.file.path} has no field ${shownText(where.field)}: ${there}${meant}`;
  }
}

function liveRows(batch: RowBatch): readonly number[] {
  const live: number[] = [];
  for (let index = 0; index < batch.rowCount; index++) if (batch.isLive(index)) live.push(index);
  return live;
}

function isRow(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
