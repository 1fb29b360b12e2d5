import {
  type CellPlan,
  type CellStage,
  RowError,
  type SourceRecord,
  type Transformation,
} from '../../src/plugin/index.ts';
import { partitionNumber, type Route, topicProblem } from './route-options.ts';
import { fill, fixedText, onlyField, type Template } from './template.ts';
import { millisecondsOf } from './timestamp.ts';

type Row = Readonly<Record<string, unknown>>;

/** Sets topic, key, partition, headers and timestamp. A field it needs and the row lacks rejects the row. */
export class RouteTransformation implements Transformation {
  readonly #route: Route;
  /** Topics made from rows, once checked: there are few of them. */
  readonly #checkedTopics = new Set<string>();

  constructor(route: Route) {
    this.#route = route;
  }

  apply(record: SourceRecord): SourceRecord {
    const { topic, key, partition, headers, timestamp } = this.#route;
    const row = (record.value ?? {}) as Row;
    if (topic !== null) record.topic = this.#topicOf(topic, row);
    if (key.length > 0) record.key = keyOf(key, row);
    if (partition !== null) record.partition = partitionOf(partition, row);
    if (timestamp !== null) record.timestamp = timestampOf(timestamp, row);
    for (const { name, template } of headers)
      record.headers.push({ name, value: headerOf(name, template, row) });
    return record;
  }

  /** A fixed topic and the key of one field are known without a record. */
  compileCells(plan: CellPlan): CellStage | null {
    const { topic, key, partition, headers, timestamp } = this.#route;
    const fixed = topic === null ? plan.topic : fixedText(topic);
    if (fixed === null || partition !== null || headers.length > 0 || timestamp !== null || key.length > 1)
      return null;
    const [name] = key;
    if (name === undefined) return { plan: { ...plan, topic: fixed }, takes: () => true };
    const field = plan.fields.find((one) => one.name === name);
    if (field === undefined) return null;
    return { plan: { ...plan, topic: fixed, key: field }, takes: hasCell(field.column, plan) };
  }

  #topicOf(template: Template, row: Row): string {
    const fixed = fixedText(template);
    if (fixed !== null) return fixed;
    const topic = fill(template, (field) => textOf(row, field, 'topic'));
    if (this.#checkedTopics.has(topic)) return topic;
    const problem = topicProblem(topic) ?? internalTopicProblem(topic);
    if (problem !== null) throw new RowError('InvalidTopic', `topic: ${problem}`);
    if (this.#checkedTopics.size < CHECKED_TOPICS) this.#checkedTopics.add(topic);
    return topic;
  }
}

/** A row without a key takes the general path, which rejects it. */
function hasCell(column: number, { width }: CellPlan): CellStage['takes'] {
  return ({ bounds }, row) => {
    const at = 2 * (row * width + column);
    return bounds[at] !== bounds[at + 1];
  };
}

const CHECKED_TOPICS = 1000;

/** Kafka's own topics, such as `__consumer_offsets`, are not for a row to choose. */
function internalTopicProblem(topic: string): string | null {
  return topic.startsWith('__') ? `a topic made from a row must not begin with __, got "${topic}"` : null;
}

function keyOf(fields: readonly string[], row: Row): unknown {
  if (fields.length === 1) return fieldValue(row, fields[0] as string, 'key');
  return Object.fromEntries(fields.map((field) => [field, fieldValue(row, field, 'key')]));
}

function partitionOf(template: Template, row: Row): number {
  const text = fill(template, (field) => textOf(row, field, 'partition'));
  const partition = partitionNumber(text);
  if (partition !== null) return partition;
  throw new RowError('InvalidPartition', `partition: expected a number of 0 or more, got ${shown(text)}`);
}

function timestampOf(field: string, row: Row): number {
  const value = fieldValue(row, field, 'timestamp');
  const timestamp = millisecondsOf(value);
  if (timestamp !== null) return timestamp;
  const got = shown(String(value));
  throw new RowError(
    'InvalidTimestamp',
    `timestamp: expected a time since 1970 (ISO 8601, or milliseconds) in field ${shown(field)}, got ${got}`,
  );
}

function headerOf(name: string, template: Template, row: Row): string | null {
  const field = onlyField(template);
  const value = field !== null && Object.hasOwn(row, field) ? row[field] : undefined;
  if (value === null || value === '') return value;
  return fill(template, (part) => textOf(row, part, `headers.${name}`));
}

function textOf(row: Row, field: string, option: string): string {
  return String(fieldValue(row, field, option));
}

/** A field's value: its own, so that a field named `constructor` is one like any other. */
function fieldValue(row: Row, field: string, option: string): unknown {
  const value = Object.hasOwn(row, field) ? row[field] : undefined;
  if (value !== undefined && value !== null && value !== '') return value;
  throw new RowError('MissingField', `${option}: the row has no value in field ${shown(field)}`);
}

function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
