import { CR, LF } from '../text/lines.ts';
import type { Dialect } from './dialect.ts';

/** Counts the lines of a record, and tells whether those behind the first look like rows themselves. */
export class LineShapes {
  readonly #width: number;
  readonly #delimiter: Buffer;
  readonly #quote: number;
  #lineEnds = 0;
  #rows = 0;
  #others = 0;
  #cells = 1;
  /** Bytes of a delimiter that were seen one after another. */
  #matched = 0;
  #hasQuotes = false;
  #isEmpty = true;

  constructor({ delimiter, quote }: Dialect, width: number) {
    this.#width = width;
    this.#delimiter = Buffer.from(delimiter);
    this.#quote = quote?.charCodeAt(0) ?? -1;
  }

  get lineEnds(): number {
    return this.#lineEnds;
  }

  /** At least half of the lines behind the first have as many cells as there are columns; lines with quotes tell nothing. */
  get areRows(): boolean {
    return this.#rows >= this.#others;
  }

  /** Goes on with bytes of the record; a line end of two bytes is in them whole, or not at all. */
  add(data: Buffer, from: number, to: number): void {
    const quote = this.#quote;
    const delimiter = this.#delimiter;
    const begin = delimiter[0];
    const { length } = delimiter;
    let matched = this.#matched;
    for (let at = from; at < to; at++) {
      const byte = data[at] as number;
      if (byte === LF || byte === CR) {
        if (byte === CR && data[at + 1] === LF) at++;
        this.finishLine();
        this.#lineEnds++;
        matched = 0;
        continue;
      }
      this.#isEmpty = false;
      if (byte === quote) this.#hasQuotes = true;
      if (byte === delimiter[matched]) matched++;
      else matched = byte === begin ? 1 : 0;
      if (matched !== length) continue;
      matched = 0;
      this.#cells++;
    }
    this.#matched = matched;
  }

  /** Judges the line begun: its end has come, if only with the end of the file. */
  finishLine(): void {
    if (this.#lineEnds > 0 && !this.#isEmpty && !this.#hasQuotes) {
      if (this.#cells === this.#width) this.#rows++;
      else this.#others++;
    }
    this.#cells = 1;
    this.#hasQuotes = false;
    this.#isEmpty = true;
  }
}
