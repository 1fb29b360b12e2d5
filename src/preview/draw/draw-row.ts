import { jsonText, plainText } from '../../dry-run/data-text.ts';
import type { RowTrace } from '../../dry-run/row-trace.ts';
import type { ShownRecord, ShownSide } from '../../dry-run/shown-record.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { cut, pad, printable, wrap } from '../../terminal/text.ts';
import { changesAt, type RecordChange } from '../record-changes.ts';
import { type FieldGrid, INDENT } from './field-grid.ts';

/** A value is shown on so many lines. */
const VALUE_LINES = 4;

/** Draws one row: what each stage changed, and what would become of it. */
export class RowDrawing {
  readonly #terminal: Terminal;
  readonly #grid: FieldGrid;
  /** Where rejected rows go, in words. */
  readonly #afterRejection: string;

  constructor(terminal: Terminal, grid: FieldGrid, afterRejection: string) {
    this.#terminal = terminal;
    this.#grid = grid;
    this.#afterRejection = afterRejection;
  }

  lines(row: RowTrace): string[] {
    const { origin, stages, outcome } = row;
    const count = Math.max(1, stages.at(-1)?.records.length ?? 1);
    const lines = [this.#terminal.paint('bold', `row ${origin.row}, line ${origin.line}`)];
    for (let index = 0; index < count; index++) {
      if (count > 1) lines.push(`${INDENT}record ${index + 1} of ${count}`);
      if (stages.length > 0) lines.push(...this.#grid.record(row, index));
      lines.push(...this.#recordLines(row, index));
      const sent = outcome.kind === 'sent' ? outcome.records[index] : undefined;
      if (sent !== undefined) lines.push(...this.#sent(sent));
    }
    if (outcome.kind === 'filtered') {
      lines.push(...this.#block('filtered', 'yellow', [`${outcome.stage.label} takes the row out`]));
    }
    if (outcome.kind === 'rejected') lines.push(...this.#rejected(row, outcome));
    return lines;
  }

  /** What stages set beside the value, a line for each stage. */
  #recordLines({ stages }: RowTrace, index: number): string[] {
    return stages.flatMap(({ label }, at) => {
      const { record } = changesAt(stages, at, index);
      return record.length === 0 ? [] : this.#block(label, 'dim', [record.map(recordText).join(', ')]);
    });
  }

  #sent(record: ShownRecord): string[] {
    const { value } = record;
    const facts = [`to ${printable(record.topic)}`, partitionText(record), sizeText(value)];
    const text = value.known ? (value.bytes?.toString() ?? 'null') : jsonText(record.snapshot.value);
    return this.#block('sent', 'green', [facts.join(', '), this.#valueText(text)]);
  }

  #valueText(text: string): string {
    const most = this.#room() * VALUE_LINES;
    return cut(printable(text.slice(0, most)) + (text.length > most ? '…' : ''), most - 1);
  }

  #rejected({ raw }: RowTrace, { stage, rejection }: Extract<RowTrace['outcome'], { kind: 'rejected' }>) {
    const text = printable(raw.subarray(0, 2000).toString());
    const why = `${stage.label}: ${printable(rejection.message)}`;
    return this.#block('rejected', 'red', [
      why,
      this.#afterRejection,
      cut(text, this.#room() * VALUE_LINES - 1),
    ]);
  }

  /** A name in the fields' column, and paragraphs beside it. */
  #block(name: string, style: 'red' | 'green' | 'yellow' | 'dim', paragraphs: readonly string[]): string[] {
    const { nameWidth } = this.#grid;
    const lines = paragraphs.flatMap((text) => wrap(text, this.#room()));
    const title = cut(name, nameWidth);
    const painted = this.#terminal.paint(style, title) + pad(title, nameWidth).slice(title.length);
    return lines.map((line, at) => `${INDENT}${at === 0 ? painted : ' '.repeat(nameWidth)}  ${line}`);
  }

  #room(): number {
    return this.#terminal.width - INDENT.length - this.#grid.nameWidth - 2;
  }
}

function recordText({ name, value }: RecordChange): string {
  const isTime = name === 'timestamp' && typeof value === 'number' && Math.abs(value) <= 8.64e15;
  const text = isTime ? new Date(value).toISOString() : plainText(value);
  return `${printable(name)} ${cut(printable(text), 60)}`;
}

function partitionText({ partition, partitionBy }: ShownRecord): string {
  const by = { key: 'by key', file: 'by file, as there is no key', record: 'as set' }[partitionBy];
  return partition === null ? `partition ${by}` : `partition ${partition} (${by})`;
}

function sizeText({ bytes, known, converter }: ShownSide): string {
  if (!known) return `${converter} bytes need the schema registry; as JSON:`;
  if (bytes === null) return 'null';
  return `${bytes.length} ${bytes.length === 1 ? 'byte' : 'bytes'} of ${converter}`;
}
