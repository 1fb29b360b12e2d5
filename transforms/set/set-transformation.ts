import { type FieldSchema, type RecordSchema, RowError, type SourceRecord } from '../../src/plugin/index.ts';
import {
  type BatchCells,
  type CellPlan,
  type CellStage,
  type CellTransformation,
  widerPlan,
} from '../../src/rows/index.ts';
import { shownText } from '../../src/values/shown.ts';
import { cellText } from '../shared/cell-text.ts';
import { derivedSchema } from '../shared/derived-schema.ts';
import { type Row, requireRow, withFields } from '../shared/row.ts';
import { fill, type TemplatePart } from '../shared/template.ts';
import type { FieldTemplate } from './index.ts';

/** Sets fields to text that is made of others. */
export class SetTransformation implements CellTransformation {
  readonly #templates: readonly FieldTemplate[];
  readonly #schemaAfter: (schema: RecordSchema | null) => RecordSchema | null;

  constructor(templates: readonly FieldTemplate[]) {
    this.#templates = templates;
    this.#schemaAfter = derivedSchema((schema) => ({ ...schema, fields: this.#fieldsAfter(schema.fields) }));
  }

  /** @throws RowError where a field is not there, or has no text */
  apply(record: SourceRecord): SourceRecord {
    if (record.value === null) return record;
    const row = requireRow(record.value, 'value');
    const texts = this.#templates.map(({ name, template }) => {
      const text = fill(template, (part) => textIn(row, part));
      return [name, text === '' ? null : text] as const;
    });
    record.value = withFields(row, texts);
    record.valueSchema = this.#schemaAfter(record.valueSchema);
    return record;
  }

  /** Only where all of the fields are new: then no other cell is touched. */
  compileCells(before: CellPlan): CellStage | null {
    const wider = widerPlan(
      before,
      this.#templates.map(({ name }) => textField(name)),
    );
    const read = new Map<TemplatePart, ReadText>();
    for (const { template } of this.#templates) {
      if (!template.texts.every((text) => text.isWellFormed())) return null;
      for (const part of template.parts) {
        const field = before.fields.findLast(({ name }) => name === part.name);
        if (field === undefined) return null;
        const textOf = cellText(field);
        const at = 2 * field.column;
        read.set(part, ({ bytes, bounds }, row) =>
          textOf(bytes, bounds[row + at] as number, bounds[row + at + 1] as number),
        );
      }
    }
    if (wider === null) return null;
    const plan = { ...wider.plan, valueSchema: this.#schemaAfter(before.valueSchema) };
    return { plan, takes: (cells, from, to) => this.#write(cells, from, to, plan.width, before.width, read) };
  }

  #write(
    cells: BatchCells,
    from: number,
    to: number,
    width: number,
    before: number,
    read: ReadonlyMap<TemplatePart, ReadText>,
  ): number {
    for (let row = from; row < to; row++) {
      const first = 2 * row * width;
      let at = first + 2 * before;
      for (const { template } of this.#templates) {
        const text = fill(template, (part) => (read.get(part) as ReadText)(cells, first) ?? '');
        const length = Buffer.byteLength(text);
        const start = cells.room(length);
        cells.bytes.write(text, start);
        cells.bounds[at++] = start;
        cells.bounds[at++] = start + length;
      }
    }
    return to;
  }

  #fieldsAfter(fields: readonly FieldSchema[]): readonly FieldSchema[] {
    const names = this.#templates.map(({ name }) => name);
    const isKnown = (name: string) => fields.some((field) => field.name === name);
    return [
      ...fields.map((field) => (names.includes(field.name) ? textField(field.name) : field)),
      ...names.filter((name) => !isKnown(name)).map(textField),
    ];
  }
}

/** The text of a cell of the row that begins at `first` in its batch's bounds. */
type ReadText = (cells: BatchCells, first: number) => string | null;

function textField(name: string): FieldSchema {
  return { name, type: 'string', optional: true };
}

function textIn(row: Row, { name }: TemplatePart): string {
  if (!Object.hasOwn(row, name))
    throw new RowError('NoSuchField', `expected a field ${shownText(name)} in the row`);
  const value = row[name] ?? '';
  if (typeof value === 'object')
    throw new RowError('NoText', `field ${shownText(name)}: expected text, a number or a time in it`);
  return String(value);
}
