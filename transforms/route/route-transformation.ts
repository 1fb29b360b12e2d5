import { RowError, type SourceFile, type SourceRecord } from '../../src/plugin/index.ts';
import type { CellPlan, CellStage, CellTransformation } from '../../src/rows/index.ts';
import { orderedRow } from '../../src/values/ordered-row.ts';
import { rowError, shownText } from '../../src/values/shown.ts';
import { fill, fixedText, onlyPart, type Template } from '../shared/template.ts';
import { type FileRoute, fileRoute } from './file-route.ts';
import { routeCells } from './route-cells.ts';
import { type HeaderTemplate, partitionNumber, type Route } from './route-options.ts';
import { RowValues } from './row-values.ts';
import { millisecondsOf } from './timestamp.ts';
import { TopicRule } from './topic-rule.ts';

/** Sets topic, key, partition, headers and timestamp. A value it needs and the row lacks rejects the row. */
export class RouteTransformation implements CellTransformation {
  readonly #route: Route;
  readonly #topics: TopicRule;
  #path: string | null = null;
  #ofFile: FileRoute | null = null;

  constructor(route: Route) {
    this.#route = route;
    // A topic that the options alone make is checked with them.
    const isMade = route.topic !== null && fixedText(route.topic) === null;
    this.#topics = new TopicRule(route.topicsAllowed, isMade);
  }

  apply(record: SourceRecord): SourceRecord {
    const { key, timestamp } = this.#route;
    const { filePath, fileName } = record.origin;
    const route = this.#routeOf(filePath, fileName);
    if (route === null) throw this.#mismatch(filePath);
    const values = new RowValues(record, route.known);
    if (route.topic !== null) record.topic = fill(route.topic, (part) => values.text(part, 'topic'));
    const refusal = record.topic === null ? null : this.#topics.refusal(record.topic);
    if (refusal !== null) throw refusal;
    if (key.length > 0) record.key = keyOf(key, values);
    if (route.partition !== null) record.partition = partitionOf(route.partition, values);
    if (timestamp !== null) record.timestamp = timestampOf(timestamp, values);
    for (const header of route.headers) {
      record.headers.push({ name: header.name, value: headerOf(header, values) });
    }
    return record;
  }

  compileCells(plan: CellPlan, file: SourceFile): CellStage | null {
    const route = this.#routeOf(file.path, file.name);
    return route === null ? null : routeCells(this.#route, route, this.#topics, plan);
  }

  #routeOf(path: string, name: string): FileRoute | null {
    if (this.#path !== path) {
      this.#path = path;
      this.#ofFile = fileRoute(this.#route, path, name);
    }
    return this.#ofFile;
  }

  #mismatch(path: string): RowError {
    const expected = this.#route.filePattern?.source;
    return new RowError(
      'FileNameMismatch',
      `file.pattern: expected a file named like ${expected}, got ${shownText(path)}`,
    );
  }
}

function keyOf(names: readonly string[], values: RowValues): unknown {
  if (names.length === 1) return values.named(names[0] as string, 'key');
  return orderedRow(names.map((name) => [name, values.named(name, 'key')] as const));
}

function partitionOf(template: Template, values: RowValues): number {
  const text = fill(template, (part) => values.text(part, 'partition'));
  const partition = partitionNumber(text);
  if (partition !== null) return partition;
  throw rowError(
    'InvalidPartition',
    (show) => `partition: expected a number of 0 or more, got ${show(text)}`,
  );
}

function timestampOf(name: string, values: RowValues): number {
  const value = values.named(name, 'timestamp');
  const timestamp = millisecondsOf(value);
  if (timestamp !== null) return timestamp;
  const expected = `a time since 1970 (ISO 8601, or milliseconds) in field ${shownText(name)}`;
  throw rowError('InvalidTimestamp', (show) => `timestamp: expected ${expected}, got ${show(String(value))}`);
}

function headerOf({ name, template }: HeaderTemplate, values: RowValues): string | null {
  const part = onlyPart(template);
  const value = part?.from === 'name' ? values.find(part.name) : undefined;
  if (value === null || value === '') return value;
  return fill(template, (one) => values.text(one, `headers.${name}`));
}
