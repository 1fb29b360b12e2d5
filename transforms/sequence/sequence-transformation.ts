import { type PluginLog, type PluginMetrics, RowError, type SourceRecord } from '../../src/plugin/index.ts';
import type { CellField, CellPlan, CellStage, CellTransformation } from '../../src/rows/index.ts';
import { rowError, shownText } from '../../src/values/shown.ts';
import { fieldOf, type Row, requireRow } from '../shared/row.ts';
import { SequenceCells } from './sequence-cells.ts';
import { SequenceChecker, type SequenceOptions } from './sequence-checker.ts';
import { type SequenceBreak, type SequenceStep, type WholeNumber, wholeNumber } from './sequences.ts';

/** Compares each row's number with those of the same key before it. */
export class SequenceTransformation implements CellTransformation {
  readonly #options: SequenceOptions;
  readonly #checker: SequenceChecker;

  constructor(options: SequenceOptions, log: PluginLog, metrics: PluginMetrics) {
    this.#options = options;
    this.#checker = new SequenceChecker(options, log, metrics);
  }

  apply(record: SourceRecord): SourceRecord {
    if (record.value === null) return record;
    const row = requireRow(record.value, 'value');
    const key = this.#keyOf(row);
    const number = this.#numberOf(row);
    const sequence = this.#checker.sequenceOf(key);
    const step = sequence?.compare(number) ?? null;
    this.#checker.take(sequence, number, step, record.origin);
    if (sequence !== null && step !== null && this.#checker.rejects(step))
      throw this.#rejection(step, sequence.key, number);
    return record;
  }

  compileCells(plan: CellPlan): CellStage | null {
    const { field, key } = this.#options;
    const cellField = (name: string): CellField | undefined => plan.fields.find((one) => one.name === name);
    const number = cellField(field);
    const keys = key.map(cellField).filter((one) => one !== undefined);
    if (number === undefined || keys.length < key.length) return null;
    return new SequenceCells(plan, number, keys, this.#checker);
  }

  close(): void {
    this.#checker.end();
  }

  #keyOf(row: Row): string[] {
    return this.#options.key.map((name) => {
      const value = fieldOf(row, name);
      if (value === null || value === '')
        throw new RowError('MissingField', `key: the row has no value in field ${shownText(name)}`);
      return String(value);
    });
  }

  #numberOf(row: Row): bigint {
    const { field } = this.#options;
    const value = fieldOf(row, field);
    const number = wholeNumber(value);
    if (number !== null) return number;
    const got = value === null || value === '' ? null : String(value);
    throw rowError('InvalidSequenceNumber', (show) => `${field}: expected a whole number, got ${show(got)}`);
  }

  #rejection({ found, expected }: SequenceStep, key: string, got: WholeNumber): RowError {
    const { field, key: names } = this.#options;
    const of =
      names.length === 0 ? '' : ` of ${names.join(', ')} ${names.length === 1 ? shownText(key) : key}`;
    const masked = `${field}: expected the number after the last one${names.length === 0 ? '' : ' of its key'}, got another`;
    return new RowError(ERROR_NAMES[found], `${field}${of}: expected ${expected}, got ${got}`, masked);
  }
}

const ERROR_NAMES: Readonly<Record<SequenceBreak, string>> = {
  gap: 'SequenceGap',
  repeat: 'SequenceRepeat',
  outOfOrder: 'SequenceOutOfOrder',
  reset: 'SequenceReset',
};
