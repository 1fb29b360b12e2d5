import { type PluginLog, RowError, type SourceRecord, type Transformation } from '../../src/plugin/index.ts';
import { fieldOf, type Row, requireRow, shown } from '../connect/row.ts';
import { SequenceReport } from './sequence-report.ts';
import { type SequenceBreak, Sequences, wholeNumber } from './sequences.ts';

export interface SequenceOptions {
  readonly field: string;
  readonly key: readonly string[];
  readonly resetTo: bigint;
  readonly maxKeys: number;
  readonly answers: Readonly<Record<SequenceBreak, 'report' | 'reject'>>;
}

/** Compares each row's number with those of the same key before it. */
export class SequenceTransformation implements Transformation {
  readonly #options: SequenceOptions;
  readonly #log: PluginLog;
  readonly #sequences: Sequences;
  readonly #report: SequenceReport;
  #isFull = false;

  constructor(options: SequenceOptions, log: PluginLog) {
    this.#options = options;
    this.#log = log;
    this.#sequences = new Sequences(options.resetTo, options.maxKeys);
    this.#report = new SequenceReport(log);
  }

  apply(record: SourceRecord): SourceRecord {
    if (record.value === null) return record;
    const { origin } = record;
    const row = requireRow(record.value, 'value');
    const key = this.#keyOf(row);
    const number = this.#numberOf(row);
    this.#report.row(origin);
    const step = this.#sequences.take(key, number);
    if (step === null) this.#leaveUnchecked();
    else if (step.found !== null) {
      this.#report.add(step.found, origin, key, step.expected, number);
      if (this.#options.answers[step.found] === 'reject')
        throw this.#rejection(step.found, key, step.expected, number);
    }
    return record;
  }

  close(): void {
    this.#report.end();
  }

  #keyOf(row: Row): string {
    const { key } = this.#options;
    const texts = key.map((name) => {
      const value = fieldOf(row, name);
      if (value === null || value === '')
        throw new RowError('MissingField', `key: the row has no value in field ${shown(name)}`);
      return String(value);
    });
    return texts.length > 1 ? JSON.stringify(texts) : (texts[0] ?? '');
  }

  #numberOf(row: Row): bigint {
    const { field } = this.#options;
    const value = fieldOf(row, field);
    const number = wholeNumber(value);
    if (number !== null) return number;
    const got = value === null || value === '' ? 'nothing' : shown(value);
    throw new RowError('InvalidSequenceNumber', `${field}: expected a whole number, got ${got}`);
  }

  #leaveUnchecked(): void {
    this.#report.unchecked();
    if (this.#isFull) return;
    this.#isFull = true;
    const { key, maxKeys } = this.#options;
    this.#log.warn('more sequences than max.keys; rows of further ones pass unchecked', { key, maxKeys });
  }

  #rejection(found: SequenceBreak, key: string, expected: bigint, got: bigint): RowError {
    const { field, key: names } = this.#options;
    const of = names.length === 0 ? '' : ` of ${names.join(', ')} ${names.length === 1 ? shown(key) : key}`;
    return new RowError(ERROR_NAMES[found], `${field}${of}: expected ${expected}, got ${got}`);
  }
}

const ERROR_NAMES: Readonly<Record<SequenceBreak, string>> = {
  gap: 'SequenceGap',
  repeat: 'SequenceRepeat',
  outOfOrder: 'SequenceOutOfOrder',
  reset: 'SequenceReset',
};
