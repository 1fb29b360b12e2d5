import { type CellField, type CellPlan, type CellStage, type Cells, rowByRow } from '../../src/rows/index.ts';
import { fixedText } from '../shared/template.ts';
import type { FileRoute } from './file-route.ts';
import { partitionNumber, type Route } from './route-options.ts';
import type { TopicRule } from './topic-rule.ts';

/** What is known of a file's rows without their records; null when something of it is made from each row. */
export function routeCells(
  { key, timestamp }: Route,
  { topic, partition, headers, known }: FileRoute,
  rule: TopicRule,
  plan: CellPlan,
): CellStage | null {
  const fixed = topic === null ? plan.topic : fixedText(topic);
  if (fixed === null || rule.refusal(fixed) !== null || headers.length > 0 || key.length > 1) return null;
  const number = partition === null ? plan.partition : partitionNumber(fixedText(partition) ?? '');
  if (partition !== null && number === null) return null;
  const cell = (name: string) => (known.has(name) ? null : cellNamed(plan, name));
  const keyField = key[0] === undefined ? plan.key : cell(key[0]);
  const timeField = timestamp === null ? plan.timestamp : cell(timestamp);
  if (key.length > 0 && keyField === null) return null;
  if (timestamp !== null && timeField?.type !== 'timestamp') return null;
  return {
    plan: { ...plan, topic: fixed, partition: number, key: keyField, timestamp: timeField },
    takes: takesRowsWith(plan.width, key.length > 0 ? keyField : null, timestamp === null ? null : timeField),
  };
}

function cellNamed({ fields }: CellPlan, name: string): CellField | null {
  return fields.find((field) => field.name === name) ?? null;
}

/** Rows without a key, or without a time that Kafka has, are for the general path, which rejects them. */
function takesRowsWith(width: number, key: CellField | null, time: CellField | null): CellStage['takes'] {
  const takes = (cells: Cells, row: number) => {
    const first = 2 * row * width;
    if (key !== null && isEmpty(cells, first + 2 * key.column)) return false;
    return time === null || isSince1970(cells, first + 2 * time.column);
  };
  return (cells, from, to) => rowByRow(from, to, (row) => takes(cells, row));
}

function isEmpty({ bounds }: Cells, at: number): boolean {
  return bounds[at] === bounds[at + 1];
}

function isSince1970(cells: Cells, at: number): boolean {
  if (isEmpty(cells, at)) return false;
  const start = cells.bounds[at] as number;
  for (let i = 0; i < FIRST_YEAR.length; i++) {
    const beyond = (cells.bytes[start + i] as number) - (FIRST_YEAR[i] as number);
    if (beyond !== 0) return beyond > 0;
  }
  return true;
}

const FIRST_YEAR = Buffer.from('1970');
