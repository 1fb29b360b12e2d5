import { literalSource } from './literal-source.ts';

const COUNT = '{rows}';

/** What a line behind the rows is held against: `{rows}` stands for their number, `*` for anything. */
export class LinePattern {
  readonly text: string;
  /** What stands between stars. */
  readonly #parts: readonly RegExp[];

  constructor(text: string) {
    this.text = text;
    const parts = text.split('*');
    this.#parts = parts.map((part, index) => {
      const literals = part.split(COUNT).map(literalSource);
      const [begin, end] = [index === 0 ? '^' : '', index === parts.length - 1 ? '$' : ''];
      return new RegExp(`${begin}${literals.join('(\\d+)')}${end}`, 's');
    });
  }

  /** How often a pattern has a count. */
  static counts(text: string): number {
    return text.split(COUNT).length - 1;
  }

  /** The count of a line that matches, null where the pattern has none; false for any other line. */
  rowsIn(line: string): number | null | false {
    let rest = line;
    let digits: string | undefined;
    // Each part where it is found first: with anything between them, no later place could be better.
    for (const part of this.#parts) {
      const match = part.exec(rest);
      if (match === null) return false;
      digits ??= match[1];
      rest = rest.slice(match.index + match[0].length);
    }
    if (digits === undefined) return null;
    const rows = Number(digits);
    return Number.isSafeInteger(rows) ? rows : false;
  }
}
