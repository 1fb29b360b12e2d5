import { RowError, type SourceRecord } from '../../src/plugin/index.ts';
import { FILE_HEADERS } from '../../src/values/file-headers.ts';
import { shownText } from '../../src/values/shown.ts';
import type { TemplatePart } from '../shared/template.ts';

type Row = Readonly<Record<string, unknown>>;

/** What templates, keys and timestamps may name: constants and parts of the file's name, then fields, and headers. */
export class RowValues {
  readonly #record: SourceRecord;
  readonly #row: Row;
  readonly #known: ReadonlyMap<string, string>;

  constructor(record: SourceRecord, known: ReadonlyMap<string, string>) {
    this.#record = record;
    this.#row = (record.value ?? {}) as Row;
    this.#known = known;
  }

  /** A field's own value, so that one named `constructor` is like any other. May be null or empty. */
  find(name: string): unknown {
    return this.#known.get(name) ?? (Object.hasOwn(this.#row, name) ? this.#row[name] : undefined);
  }

  /** @throws RowError when there is nothing */
  named(name: string, option: string): unknown {
    const value = this.find(name);
    if (value !== undefined && value !== null && value !== '') return value;
    throw new RowError('MissingField', `${option}: the row has no value in field ${shownText(name)}`);
  }

  /** @throws RowError when there is nothing */
  text({ from, name }: TemplatePart, option: string): string {
    return from === 'name' ? String(this.named(name, option)) : this.#header(name, option);
  }

  #header(name: string, option: string): string {
    const { headers, origin } = this.#record;
    if (name === FILE_HEADERS.offset) return String(origin.offset);
    if (name === FILE_HEADERS.row) return String(origin.row);
    const value = headers.findLast((header) => header.name === name)?.value;
    if (value !== undefined && value !== null && value.length > 0) {
      return typeof value === 'string' ? value : Buffer.from(value).toString();
    }
    throw new RowError('MissingHeader', `${option}: the record has no header ${shownText(name)}`);
  }
}
