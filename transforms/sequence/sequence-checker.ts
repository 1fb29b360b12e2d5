import type { PluginLog, PluginMetrics, RowOrigin } from '../../src/plugin/index.ts';
import { SequenceReport } from './sequence-report.ts';
import {
  type Sequence,
  type SequenceBreak,
  type SequenceStep,
  Sequences,
  type WholeNumber,
} from './sequences.ts';

export interface SequenceOptions {
  readonly field: string;
  readonly key: readonly string[];
  readonly resetTo: number;
  readonly maxKeys: number;
  readonly answers: Readonly<Record<SequenceBreak, 'report' | 'reject'>>;
}

/** What is known of all sequences, whether rows come as records or as cells. */
export class SequenceChecker {
  readonly #options: SequenceOptions;
  readonly #log: PluginLog;
  readonly #sequences: Sequences;
  readonly #report: SequenceReport;
  #isFull = false;

  constructor(options: SequenceOptions, log: PluginLog, metrics: PluginMetrics) {
    this.#options = options;
    this.#log = log;
    this.#sequences = new Sequences(options.resetTo, options.maxKeys);
    this.#report = new SequenceReport(log, metrics);
  }

  /** The sequence of a key's texts; null when there is no room for one more. */
  sequenceOf(texts: readonly string[]): Sequence | null {
    return this.#sequences.of(texts.length > 1 ? JSON.stringify(texts) : (texts[0] ?? ''));
  }

  /** Whether rows with this are to be rejected. */
  rejects(step: SequenceStep | null): boolean {
    return step !== null && this.#options.answers[step.found] === 'reject';
  }

  /** Counts a row, and goes on from its number. `step` is what the sequence says of it. */
  take(sequence: Sequence | null, number: WholeNumber, step: SequenceStep | null, origin: RowOrigin): void {
    this.#report.row(origin);
    if (sequence === null) return this.#leaveUnchecked();
    if (step !== null) this.#report.add(step, origin, sequence.key, number);
    if (step?.found !== 'repeat' && step?.found !== 'outOfOrder') sequence.advance(number);
  }

  end(): void {
    this.#report.end();
  }

  #leaveUnchecked(): void {
    this.#report.unchecked();
    if (this.#isFull) return;
    this.#isFull = true;
    const { key, maxKeys } = this.#options;
    this.#log.warn('more sequences than max.keys; rows of further ones pass unchecked', { key, maxKeys });
  }
}
