import { Transform, type TransformCallback } from 'node:stream';
import type { RowBatch } from '../../rows/index.ts';
import { RowLimit } from './row-limit.ts';
import type { TransformationStage } from './transformation-stage.ts';

/** Who looks at batches on their way, if somebody does. */
export interface BatchTap {
  /** Somebody looks. */
  readonly isOpen: boolean;
  /** @param passed how many transformations the batch has come through */
  look(batch: RowBatch, passed: number): void;
}

/** Takes each batch through every transformation of the chain, one batch after another. An error goes on in its place. */
export class TransformStream extends Transform {
  readonly #stages: readonly TransformationStage[];
  readonly #keepsRejected: boolean;
  readonly #tap: BatchTap | null;
  readonly #limit = new RowLimit();

  /** @param keepsRejected the records of rejected rows are wanted */
  constructor(stages: readonly TransformationStage[], keepsRejected = false, tap: BatchTap | null = null) {
    super({ objectMode: true, writableHighWaterMark: 1, readableHighWaterMark: 1 });
    this.#stages = stages;
    this.#keepsRejected = keepsRejected;
    this.#tap = tap;
  }

  override _transform(batch: RowBatch | Error, _encoding: BufferEncoding, done: TransformCallback): void {
    if (batch instanceof Error) return done(null, batch);
    const wanted = this.#limit.take(batch);
    if (wanted === null) return done();
    this.#run(wanted).then(() => done(null, wanted), done);
  }

  async #run(batch: RowBatch): Promise<void> {
    if (this.#keepsRejected) batch.keepRejected();
    const tap = this.#tap?.isOpen === true ? this.#tap : null;
    tap?.look(batch, 0);
    for (const [index, stage] of this.#stages.entries()) {
      const pending = stage.run(batch);
      if (pending !== undefined) await pending;
      tap?.look(batch, index + 1);
    }
  }
}
