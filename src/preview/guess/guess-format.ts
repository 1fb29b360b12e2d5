import type { DataFile } from '../../dry-run/data-file.ts';
import { readHead, wholeLines } from './guess.ts';
import { guessDelimiter, splitRows } from './guess-dialect.ts';
import { binaryProblem, guessEncoding } from './guess-encoding.ts';
import { type FlatObject, objectsIn } from './json-lines.ts';
import { guessLayout, isJson, type Layout } from './text-layout.ts';

/** What a file seems to be. */
export type GuessedFormat =
  | {
      readonly parser: 'csv';
      /** null where the header does not tell. */
      readonly delimiter: string | null;
      /** What is odd about it beyond the delimiter, and what to do about it; null where nothing is. */
      readonly oddity: string | null;
    }
  | { readonly parser: 'jsonl'; readonly objects: readonly FlatObject[] };

/** Objects that are looked at for their keys, at most. */
const SAMPLE_ROWS = 1000;
/** Characters that are looked at for how text lies: of a thousand files each is looked at. */
const SAMPLE_TEXT = 64 * 1024;
/** What is called so is read so, that its own parser may tell what is wrong with it. */
const JSON_LINES = /\.(?:jsonl|ndjson)(?:\.\w+)?$/i;

/**
 * How rows and cells of a file seem to be told apart; null where it is no text, or empty. Of a delimiter nothing is guessed that the
 * header does not have.
 *
 * @throws HeadraceError when it cannot be read
 */
export async function guessFormat(file: DataFile): Promise<GuessedFormat | null> {
  const head = await readHead(file);
  if (binaryProblem(head.bytes) !== null) return null;
  const text = wholeLines(head, guessEncoding(head.bytes));
  const objects = objectsIn(text, SAMPLE_ROWS);
  if (objects !== null || JSON_LINES.test(file.path)) return { parser: 'jsonl', objects: objects ?? [] };
  const sample = text.slice(0, Math.max(text.lastIndexOf('\n', SAMPLE_TEXT), SAMPLE_TEXT));
  const layout = guessLayout(sample);
  if (layout === null) return null;
  const { quote } = layout;
  const delimiter = layout.parser === 'csv' ? layout.delimiter : guessDelimiter(sample).delimiter;
  const [header = []] = splitRows(sample, { delimiter, quote, trim: false }, 1);
  return { parser: 'csv', delimiter: header.length > 1 ? delimiter : null, oddity: oddityOf(layout, sample) };
}

const JSON_LIST = "it seems to be JSON, and no JSON lines, which `jq -c '.[]'` makes of a list";
const TAKES_A_FEED = 'that takes a feed, and headrace preview FILE --save feed.yaml writes one';

function oddityOf(layout: Layout, text: string): string | null {
  if (isJson(text)) return JSON_LIST;
  const what = needOf(layout);
  return what === null ? null : `${what}; ${TAKES_A_FEED}`;
}

function needOf({ parser, options }: Layout): string | null {
  if (parser === 'fixed-width') return 'its cells seem to stand at fixed places';
  if (parser === 'lines') return 'it seems to be lines of text, without cells';
  const { section, comment, header, 'header.row': headerRow, quote, trim } = options;
  if (section !== undefined) return `only its lines that begin with ${section} seem to be rows`;
  if (comment !== undefined) return `its lines that begin with ${comment} seem to be comments`;
  if (header === 'false') return 'it seems to have no header';
  if (headerRow !== undefined) return `its header seems to be on line ${headerRow}`;
  if (quote !== undefined) return `its cells seem to be quoted by ${quote}`;
  return trim === undefined ? null : 'its cells seem to have white space around them';
}
