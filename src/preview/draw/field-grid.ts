import type { RowTrace } from '../../dry-run/row-trace.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { printable, widthOf } from '../../terminal/text.ts';
import { type Changes, changesAt } from '../record-changes.ts';
import { changeText, REJECTED, valueText } from './field-text.ts';
import { fieldsAtFault } from './fields-at-fault.ts';
import { type Cell, columnsThatFit, GAP_WIDTH, lineOf } from './fit-columns.ts';
import { type StageColumn, stageColumns } from './stage-columns.ts';

/** Rows with more fields than this are drawn without those that no stage touches. */
const MANY_FIELDS = 20;
const LONGEST_NAME = 28;
export const INDENT = '  ';

/** A record to draw: what each stage did to it. */
interface RecordWay {
  readonly byStage: readonly Changes[];
  readonly faulty: ReadonlySet<string>;
}

/** Draws records as grids, a line for each field and a column for each stage that changes fields, all of one layout. */
export class FieldGrid {
  readonly nameWidth: number;
  readonly #terminal: Terminal;
  readonly #columns: readonly StageColumn[];

  constructor(rows: readonly RowTrace[], terminal: Terminal) {
    this.#terminal = terminal;
    const fields = rows.flatMap(({ stages }) => changesAt(stages, 0, 0).fields.map(({ field }) => field));
    const labels = rows.flatMap(({ stages }) => stages.map(({ label }) => label));
    const names = new Set(['rejected', ...fields, ...labels]);
    const longest = Math.max(...[...names].map((name) => widthOf(printable(name))));
    this.nameWidth = Math.min(longest, LONGEST_NAME, Math.floor(terminal.width / 3));
    this.#columns = stageColumns(rows);
  }

  /** The lines of record `index` of a row; of one that was split off, from there on. */
  record(row: RowTrace, index: number): string[] {
    const { stages } = row;
    const way = { byStage: stages.map((_, at) => changesAt(stages, at, index)), faulty: fieldsAtFault(row) };
    const begin = index === 0 ? 0 : stages.findIndex(({ records }) => records.length > 1);
    const columns = this.#columns.filter(({ stage }) => stage >= begin);
    const lines: string[] = [];
    for (let next = 0; next < columns.length; ) {
      const block = this.#block(columns.slice(next));
      lines.push(...this.#draw(block, way));
      next += block.length;
    }
    return lines;
  }

  /** The first of the columns, as many as can stand beside each other. */
  #block(columns: readonly StageColumn[]): StageColumn[] {
    const room = this.#terminal.width - INDENT.length - this.nameWidth - GAP_WIDTH;
    const wanted = columns.map(({ width }) => width);
    return columnsThatFit(wanted, room).map((width, index) => ({
      ...(columns[index] as StageColumn),
      width,
    }));
  }

  #draw(block: readonly StageColumn[], way: RecordWay): string[] {
    const widths = [this.nameWidth, ...block.map(({ width }) => width)];
    const all = fieldsIn(block, way);
    const shown = all.length <= MANY_FIELDS ? all : all.filter((field) => isTouched(field, block, way));
    if (all.length === 0) return [];
    const titles = block.map(({ title }) => this.#painted('dim', title));
    const lines = [lineOf([{ text: '' }, ...titles], widths)];
    for (const field of shown) {
      const cells = block.map(({ stage }) => this.#cell(field, stage, way));
      const isFaulty = cells.some(({ text }) => text === REJECTED);
      lines.push(lineOf([this.#painted(isFaulty ? 'red' : 'dim', printable(field)), ...cells], widths));
    }
    const left = all.length - shown.length;
    const fields = left === 1 ? 'field' : 'fields';
    if (left > 0) {
      const text = `… and ${left} more ${fields}, as they came; --json has them`;
      lines.push(this.#terminal.paint('dim', text));
    }
    return lines.map((line) => INDENT + line);
  }

  #cell(field: string, stage: number, { byStage, faulty }: RecordWay): Cell {
    if (stage === byStage.length && faulty.has(field)) return this.#painted('red', REJECTED);
    const change = byStage[stage]?.fields.find((one) => one.field === field);
    if (change === undefined) return { text: '' };
    if (stage === 0) return { text: valueText(change) };
    return this.#painted(COLORS[change.kind], changeText(change));
  }

  #painted(style: Parameters<Terminal['paint']>[0], text: string): Cell {
    return { text, paint: (fitted) => this.#terminal.paint(style, fitted) };
  }
}

const COLORS = { added: 'green', changed: 'yellow', typed: 'cyan', removed: 'red' } as const;

/** The fields that a block has something to say of, in the order of the record. */
function fieldsIn(block: readonly StageColumn[], way: RecordWay): string[] {
  const fields = new Set(way.byStage.flatMap((changes) => changes.fields.map(({ field }) => field)));
  const hasParser = block.some(({ stage }) => stage === 0);
  const isParsed = (field: string) => hasParser && has(way.byStage[0], field);
  return [...fields].filter((field) => isParsed(field) || isTouched(field, block, way));
}

/** Whether a transformation of the block changes the field, or rejects the row for it. */
function isTouched(field: string, block: readonly StageColumn[], { byStage, faulty }: RecordWay): boolean {
  return block.some(({ stage }) =>
    stage === byStage.length ? faulty.has(field) : stage > 0 && has(byStage[stage], field),
  );
}

function has(changes: Changes | undefined, field: string): boolean {
  return changes?.fields.some((change) => change.field === field) ?? false;
}
