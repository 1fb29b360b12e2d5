import type { RecordHeader, SourceRecord } from '../../plugin/index.ts';
import { dataJson, exactLong, jsonInOrder } from '../../values/ordered-row.ts';
import { maskedValue } from '../../values/shown.ts';

/** How a feed's records are shown. */
export class RecordText {
  readonly #task: number;
  readonly #showsValues: boolean;
  readonly #hide: (text: string) => string;

  /**
   * @param showsValues `errors.log.include.values`
   * @param hide takes what is secret out of a text
   */
  constructor(task: number, showsValues: boolean, hide: (text: string) => string) {
    this.#task = task;
    this.#showsValues = showsValues;
    this.#hide = hide;
  }

  /** JSON, with all digits of a long; null for what has none. */
  of({ origin, topic, partition, key, value, headers, timestamp }: SourceRecord): string | null {
    const place = { file: origin.filePath, row: origin.row, line: origin.line, task: this.#task };
    const to = { topic, partition, timestamp: this.#showsValues ? timestamp : null };
    try {
      const data = jsonInOrder({ key, headers: headers.map(withText), value }, (leaf) => this.#leaf(leaf));
      return `${JSON.stringify({ ...place, ...to }).slice(0, -1)},${data?.slice(1)}`;
    } catch {
      return null;
    }
  }

  /** As a person would type it to find it; null where nobody is to find out. */
  valueText(value: unknown): string | null {
    if (!this.#showsValues) return null;
    if (value === null || value === undefined) return '';
    return typeof value === 'string' ? value : (dataJson(value) ?? '');
  }

  #leaf(value: unknown): unknown {
    if (value instanceof Uint8Array) return this.#leaf(Buffer.from(value).toString());
    if (value === null || value === undefined || typeof value === 'object') return value;
    if (!this.#showsValues) return maskedValue(value);
    return typeof value === 'string' ? this.#hide(value) : exactLong(value);
  }
}

/** A buffer would be a list of numbers. */
function withText({ name, value }: RecordHeader): RecordHeader {
  return { name, value: value instanceof Uint8Array ? Buffer.from(value).toString() : value };
}
