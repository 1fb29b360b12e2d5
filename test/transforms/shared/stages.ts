import type { Transformation } from '../../../src/plugin/index.ts';
import type { RowBatch } from '../../../src/rows/index.ts';
import { TransformationStage } from '../../../src/runtime/stages/transformation-stage.ts';
import { CALLS } from '../../support/plugin-calls.ts';

/** Takes batches through a transformation, as a task does. */
export function stageOf(transformation: Transformation): TransformationStage {
  return new TransformationStage({
    plugin: { key: 'transforms.stage', name: 'stage', modulePath: null },
    transformation,
    predicate: null,
    parallel: 1,
    calls: CALLS,
  });
}

/** What became of each row: `cells` where it still is some, else `record`, or the name of the error. */
export function statesOf(batch: RowBatch): string[] {
  return Array.from({ length: batch.rowCount }, (_, index) => {
    if (batch.isCells(index)) return 'cells';
    return batch.rejections.get(index)?.errorName ?? 'record';
  });
}
