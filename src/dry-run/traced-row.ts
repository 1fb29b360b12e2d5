import type { Rejection, SourceFile } from '../plugin/index.ts';
import type { RowBatch } from '../rows/index.ts';
import { rejectionIn } from '../sink/unsendable-record.ts';
import type { DryEncoder } from './dry-encoder.ts';
import { snapshotOf } from './record-snapshot.ts';
import type { RowOutcome, RowTrace, StageName, StageTrace } from './row-trace.ts';

/** The stages of which an encoder rejects. */
const LABELS: Readonly<Partial<Record<Rejection['stage'], string>>> = {
  KEY_CONVERTER: 'key.converter',
  VALUE_CONVERTER: 'value.converter',
};

/** Follows a row of a batch from stage to stage. */
export class TracedRow {
  readonly #batch: RowBatch;
  readonly #index: number;
  readonly #stages: StageTrace[] = [];
  #ended: RowOutcome | null = null;

  constructor(batch: RowBatch, index: number) {
    this.#batch = batch;
    this.#index = index;
  }

  /** Called after each stage. */
  passed({ label, plugin }: StageName): void {
    if (this.#ended !== null) return;
    const batch = this.#batch;
    if (batch.isLive(this.#index)) {
      this.#stages.push({ label, plugin, records: batch.records(this.#index).map(snapshotOf) });
      return;
    }
    const rejection = batch.rejections.get(this.#index);
    const stage = { label, plugin };
    this.#ended =
      rejection === undefined ? { kind: 'filtered', stage } : { kind: 'rejected', stage, rejection };
  }

  /** Called after the last one. */
  trace(file: SourceFile, encoder: DryEncoder): RowTrace {
    return {
      origin: this.#batch.origin(this.#index),
      raw: Buffer.from(this.#batch.rawRow(this.#index)),
      stages: this.#stages,
      outcome: this.#ended ?? this.#encode(file, encoder),
    };
  }

  #encode(file: SourceFile, encoder: DryEncoder): RowOutcome {
    try {
      const records = this.#batch.records(this.#index).map((record) => encoder.show(file, record));
      return { kind: 'sent', records };
    } catch (error) {
      const rejection = rejectionIn(error);
      const label = LABELS[rejection.stage] ?? 'sink';
      return { kind: 'rejected', stage: { label, plugin: rejection.plugin }, rejection };
    }
  }
}
