import { escapeFormula } from './formula-escape.ts';

/** The columns of `errors.deadletterqueue.file`. */
export const LETTER_COLUMNS = ['row_number', 'error', 'record', 'file', 'line', 'offset', 'stage'] as const;
/** One more, where text that a spreadsheet would take for a formula is escaped; each row says ESCAPED in it. */
export const ESCAPED_COLUMN = 'escaped';
export const ESCAPED = 'formulas';

const QUOTE = Buffer.from('"');
const DOUBLED = Buffer.from('""');

/** A dead letter, as a row of CSV tells it. */
export interface LetterRow {
  readonly row: number;
  readonly message: string;
  readonly raw: Buffer;
  readonly file: string;
  readonly line: number;
  readonly offset: number;
  readonly stage: string;
}

export function letterHeader(escapesFormulas: boolean): Buffer {
  const columns = escapesFormulas ? [...LETTER_COLUMNS, ESCAPED_COLUMN] : LETTER_COLUMNS;
  return Buffer.from(`${columns.join(',')}\n`);
}

/** A row with its line end; text is quoted always, byte for byte: a rejected row may hold bytes that are no text. */
export function letterRow(letter: LetterRow, escapesFormulas: boolean): Buffer {
  const { row, message, raw, file, line, offset, stage } = letter;
  const text = (bytes: Buffer) => quoted(escapesFormulas ? escapeFormula(bytes) : bytes);
  return Buffer.concat([
    Buffer.from(`${row},`),
    text(Buffer.from(message)),
    Buffer.from(','),
    text(raw),
    Buffer.from(','),
    text(Buffer.from(file)),
    Buffer.from(`,${line},${offset},${stage}${escapesFormulas ? `,${ESCAPED}` : ''}\n`),
  ]);
}

function quoted(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(QUOTE); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
    parts.push(bytes.subarray(from, at), DOUBLED);
    from = at + 1;
  }
  return Buffer.concat([QUOTE, ...parts, bytes.subarray(from), QUOTE]);
}
