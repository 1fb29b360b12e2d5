import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import json from '../../../src/converters/json/index.ts';
import { messageOf, type SourceRecord, type Transformation } from '../../../src/plugin/index.ts';
import type { CellConverter, CellPlan, CellWriter, RowBatch } from '../../../src/rows/index.ts';
import { TransformationStage } from '../../../src/runtime/stages/transformation-stage.ts';
import csv from '../../../transforms/csv/index.ts';
import route from '../../../transforms/route/index.ts';
import validate from '../../../transforms/schema/index.ts';
import source from '../../../transforms/source/index.ts';
import { writtenCells } from '../../converters/cells/cells.ts';
import { csvOf, type Field, NAMES, schemaOptions, table, type Way } from '../../sink/random-tables.ts';
import { CALLS } from '../../support/plugin-calls.ts';
import {
  fakeFile,
  makeParser,
  makeTransformation,
  piecesOf,
  pluginContext,
  pushAll,
} from '../../transforms/support.ts';
import { plainTable } from './plain-tables.ts';
import { functions, type RandomFunction, transformationOf } from './random-functions.ts';

/** Thousands of tables on a busy machine. */
const TIMEOUT_MS = 120_000;

/** A chain of transformations. */
interface Chain {
  readonly fields: readonly Field[];
  readonly typed: boolean;
  readonly way: Way;
  /** Before `schema`, between it and `route`, and after that. */
  readonly added: readonly (readonly RandomFunction[])[];
}

const stageOf = (transformation: Transformation) =>
  new TransformationStage({
    plugin: { key: 'transforms.stage', name: 'stage', modulePath: null },
    transformation,
    predicate: null,
    parallel: 1,
    calls: CALLS,
  });

function functionStage(one: RandomFunction): TransformationStage {
  const test = one.isPartial ? { plugin: ODD, test: { test: oddRow }, negate: false } : null;
  return new TransformationStage({
    plugin: { key: 'transforms.function', name: 'function', modulePath: null },
    transformation: transformationOf(one),
    predicate: test,
    parallel: 2,
    calls: CALLS,
  });
}

const ODD = { key: 'predicates.odd', name: 'odd', modulePath: null };
const oddRow = ({ origin }: { readonly origin: { readonly row: number } }) => origin.row % 2 === 1;

async function stagesOf({ fields, typed, way, added }: Chain): Promise<TransformationStage[]> {
  const [before = [], between = [], after = []] = added;
  const schema = { fields: schemaOptions(fields), nullValues: ['NULL'] };
  const routing = {
    key: [NAMES[0]],
    constants: { exchange: 'asx' },
    filePattern: '{dataset}_{partition}.csv',
  };
  return [
    ...before.map(functionStage),
    ...(typed ? [stageOf(await makeTransformation(validate, schema))] : []),
    ...between.map(functionStage),
    stageOf(await makeTransformation(source, { fields: ['_source_file', '_source_row'] })),
    stageOf(await makeTransformation(route, { ...routing, ...way })),
    ...after.map(functionStage),
  ];
}

function parse(bytes: Buffer, cut: number): RowBatch[] {
  const parser = makeParser(csv).open(fakeFile(null, 'drop/Trades_1.csv'));
  return pushAll(parser, piecesOf(bytes, cut));
}

/** A row that is a record when it meets its first stage is one to the end. */
function makeRecords(batch: RowBatch): void {
  for (let row = 0; row < batch.rowCount; row++) if (batch.isLive(row)) batch.record(row);
}

async function run(chain: Chain, bytes: Buffer, cut: number, asRecords: boolean): Promise<string[]> {
  const stages = await stagesOf(chain);
  const rows: string[] = [];
  for (const batch of parse(bytes, cut)) {
    if (asRecords) makeRecords(batch);
    for (const stage of stages) await stage.run(batch);
    for (let row = 0; row < batch.rowCount; row++) rows.push(outcomeOf(batch, row));
    batch.release();
  }
  return rows;
}

/** All that can be seen of a row: its JSON, and of its records types, the order of properties and the signs of zeros. */
function outcomeOf(batch: RowBatch, row: number): string {
  if (!batch.isLive(row)) return inspect(batch.rejections.get(row) ?? 'filtered');
  const text = batch.isCells(row) ? jsonOfCells(batch, row) : null;
  const records = batch.records(row);
  const seen = inspect(records, { depth: 6, showHidden: true });
  return `${text ?? records.map(jsonOf).join()} ${seen}`;
}

const converter: CellConverter = json.create(
  { schemasEnable: false, decimalFormat: 'string' },
  { ...pluginContext, side: 'value' },
);

function jsonOf({ valueSchema, value }: SourceRecord): string {
  try {
    return String(converter.serialize('trades', valueSchema, value));
  } catch (error) {
    return messageOf(error);
  }
}

const writers = new WeakMap<CellPlan, CellWriter | null>();

/** null where the converter needs the record. */
function jsonOfCells({ cells, plan }: RowBatch, row: number): string | null {
  const writer = writers.get(plan) ?? converter.compileCells?.(plan) ?? null;
  writers.set(plan, writer);
  if (writer === null) return null;
  return writtenCells(writer, cells, 2 * row * plan.width, plan.width)?.toString() ?? null;
}

describe('rows that a function has seen as records', () => {
  it(
    'are the same, and are rejected for the same reasons, where they go on as cells',
    async () => {
      const chains = fc.tuple(fc.oneof(table, plainTable), fc.tuple(functions, functions, functions));
      await fc.assert(
        fc.asyncProperty(chains, async ([{ rows, cut, ...its }, added]) => {
          const bytes = csvOf(its.fields, rows);
          const chain = { ...its, added };
          // The memory of writers is given back between two turns of the event loop.
          await setImmediate();
          expect(await run(chain, bytes, cut, false)).toEqual(await run(chain, bytes, cut, true));
        }),
        { numRuns: 2000 },
      );
    },
    TIMEOUT_MS,
  );
});
