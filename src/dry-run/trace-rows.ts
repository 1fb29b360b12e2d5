import type { ConnectorConfig } from '../config/connector-config.ts';
import type { SourceChunk } from '../plugin/index.ts';
import type { RowBatch } from '../rows/index.ts';
import { HeaderCheck, type TellColumns } from '../runtime/stages/header-check.ts';
import type { TransformationStage } from '../runtime/stages/transformation-stage.ts';
import { createStages } from '../runtime/task/task-plugins.ts';
import type { DryEncoder } from './dry-encoder.ts';
import { batchesOf, contextOf, encoderOf } from './offline-parts.ts';
import type { RowTrace, StageName } from './row-trace.ts';
import { TracedRow } from './traced-row.ts';

interface Stage extends StageName {
  readonly run: (batch: RowBatch) => void | Promise<void>;
}

export interface TraceOptions {
  /** Rows beyond it go through no stage. */
  readonly limit?: number;
  /** Is told of columns that the feed does not expect. */
  readonly tell?: TellColumns;
  /** The rows are of no day: their times are not held against the clock. */
  readonly isTimeless?: boolean;
}

/**
 * Takes the rows of a file through a feed's parser, transformations and converters as a task would, without Kafka.
 *
 * @throws HeadraceError what would end the task: a file that cannot be parsed, a server that a plugin needs is away
 */
export async function* traceRows(
  config: ConnectorConfig,
  chunks: AsyncIterable<SourceChunk> | Iterable<SourceChunk>,
  { limit = Number.POSITIVE_INFINITY, tell = () => {}, isTimeless = false }: TraceOptions = {},
): AsyncGenerator<RowTrace, void, undefined> {
  const context = contextOf(config.name);
  const transformations = await createStages(config, context);
  const stages = namedStages(config, transformations);
  const encoder = await encoderOf(config, context, isTimeless);
  const headers = await HeaderCheck.of(config, tell);
  let left = limit;
  try {
    for await (const batch of await batchesOf(config, chunks, { headers })) {
      if (batch instanceof Error) throw batch;
      yield* await traceBatch(batch, Math.min(left, batch.rowCount), stages, encoder);
      left -= batch.rowCount;
      if (left <= 0) return;
    }
  } finally {
    for (const transformation of transformations) await transformation.close();
  }
}

async function traceBatch(
  batch: RowBatch,
  count: number,
  stages: readonly Stage[],
  encoder: DryEncoder,
): Promise<RowTrace[]> {
  for (let index = count; index < batch.rowCount; index++) batch.filter(index);
  const rows = Array.from({ length: count }, (_, index) => new TracedRow(batch, index));
  for (const stage of stages) {
    await stage.run(batch);
    for (const row of rows) row.passed(stage);
  }
  const traces = rows.map((row) => row.trace(batch.file, encoder));
  batch.release();
  return traces;
}

/** The parser, which has done its work by then, and the transformations. */
function namedStages(config: ConnectorConfig, transformations: readonly TransformationStage[]): Stage[] {
  const { label, plugin } = config.parser;
  const parser: Stage = { label, plugin: plugin.name, run() {} };
  const others = config.transformations.map((stage, index) => ({
    label: stage.label,
    plugin: stage.plugin.name,
    run: (batch: RowBatch) => transformations[index]?.run(batch),
  }));
  return [parser, ...others];
}
