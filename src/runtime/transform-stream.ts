import { Transform, type TransformCallback } from 'node:stream';
import type { RecordBatch } from '../plugin/index.ts';
import { RowLimit } from './row-limit.ts';
import type { TransformationStage } from './transformation-stage.ts';

/** Takes each batch through every transformation of the chain, one batch after another. An error goes on in its place. */
export class TransformStream extends Transform {
  readonly #stages: readonly TransformationStage[];
  readonly #limit = new RowLimit();

  constructor(stages: readonly TransformationStage[]) {
    super({ objectMode: true, writableHighWaterMark: 1, readableHighWaterMark: 1 });
    this.#stages = stages;
  }

  override _transform(batch: RecordBatch | Error, _encoding: BufferEncoding, done: TransformCallback): void {
    if (batch instanceof Error) return done(null, batch);
    const wanted = this.#limit.take(batch);
    if (wanted === null) return done();
    this.#run(wanted).then(() => done(null, wanted), done);
  }

  async #run(batch: RecordBatch): Promise<void> {
    for (const stage of this.#stages) {
      const pending = stage.run(batch);
      if (pending !== undefined) await pending;
    }
  }
}
