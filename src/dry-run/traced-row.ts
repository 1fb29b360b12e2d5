import type { SourceFile } from '../plugin/index.ts';
import type { RowBatch } from '../rows/index.ts';
import { RecordRefused } from '../sink/named-converter.ts';
import type { RecordEncoder } from './record-encoder.ts';
import { snapshotOf } from './record-snapshot.ts';
import type { RowOutcome, RowTrace, StageName, StageTrace } from './row-trace.ts';

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
  trace(file: SourceFile, encoder: RecordEncoder): RowTrace {
    return {
      origin: this.#batch.origin(this.#index),
      raw: Buffer.from(this.#batch.rawRow(this.#index)),
      stages: this.#stages,
      outcome: this.#ended ?? this.#encode(file, encoder),
    };
  }

  #encode(file: SourceFile, encoder: RecordEncoder): RowOutcome {
    try {
      const records = this.#batch.records(this.#index).map((record) => encoder.encode(file, record));
      return { kind: 'sent', records };
    } catch (error) {
      if (!(error instanceof RecordRefused)) throw error;
      const { rejection } = error;
      const label = rejection.stage === 'KEY_CONVERTER' ? 'key.converter' : 'value.converter';
      return { kind: 'rejected', stage: { label, plugin: rejection.plugin }, rejection };
    }
  }
}
