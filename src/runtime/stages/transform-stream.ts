import { Transform, type TransformCallback } from 'node:stream';
import type { RowBatch } from '../../rows/index.ts';
import { RowLimit } from './row-limit.ts';
import type { TransformationStage } from './transformation-stage.ts';

/** Takes each batch through every transformation of the chain, one batch after another. An error goes on in its place. */
export class TransformStream extends Transform {
  readonly #stages: readonly TransformationStage[];
  readonly #keepsRejected: boolean;
  readonly #limit = new RowLimit();

  /** @param keepsRejected the records of rejected rows are wanted */
  constructor(stages: readonly TransformationStage[], keepsRejected = false) {
    super({ objectMode: true, writableHighWaterMark: 1, readableHighWaterMark: 1 });
    this.#stages = stages;
    this.#keepsRejected = keepsRejected;
  }

  override _transform(batch: RowBatch | Error, _encoding: BufferEncoding, done: TransformCallback): void {
    if (batch instanceof Error) return done(null, batch);
    const wanted = this.#limit.take(batch);
    if (wanted === null) return done();
    this.#run(wanted).then(() => done(null, wanted), done);
  }

  async #run(batch: RowBatch): Promise<void> {
    if (this.#keepsRejected) batch.keepRejected();
    for (const stage of this.#stages) {
      const pending = stage.run(batch);
      if (pending !== undefined) await pending;
    }
  }
}
