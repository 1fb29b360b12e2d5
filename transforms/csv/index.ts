import { defineConfig, defineParser } from '../../src/plugin/index.ts';
import { controlOption } from '../text/control-characters.ts';
import { footerOptions } from '../text/footer.ts';
import { lineEndOption } from '../text/line-ends.ts';
import { commentOption, sectionOption, textOptions } from '../text/options.ts';
import { quotedEmptyOption } from '../text/quoted-empty.ts';
import { TextFileParser } from '../text/text-file-parser.ts';
import { dialectFrom, dialectProblems } from './dialect.ts';
import { csvFormat } from './format.ts';

const config = defineConfig({
  delimiter: {
    doc: 'What stands between two cells: one or more characters; `\\t` is a tab.',
    format: 'string',
    default: ',',
  },
  quote: {
    doc: 'The character around cells that hold delimiters, quotes or line ends. Empty when the file has no quoting.',
    format: 'string',
    default: '"',
  },
  escape: {
    doc: `The character before a quote that is part of a quoted cell, and before itself there. Before anything else it \
is text. By default the quote itself, doubled.`,
    format: 'string',
    default: null,
  },
  relaxQuotes: {
    doc: `Take a cell that is not in quotes as a whole for text as it stands, its quotes too: \`5" pipe\`, \`"A" share\`. By \
default such a row is rejected.`,
    format: 'boolean',
    default: false,
  },
  ...quotedEmptyOption,
  header: {
    doc: 'The first row holds the names of the columns. When false, name them in `columns`.',
    format: 'boolean',
    default: true,
  },
  headerRow: {
    doc: `The line of the file on which the header stands, 1 is the first: what is before it is passed over. \`3-4\` is a \
header of two rows, whose names are joined by an underscore.`,
    format: 'string',
    default: null,
  },
  columns: {
    doc: `The names of the columns, in order. Those of a header do not count then, whatever they are, but must be as \
many.`,
    format: 'list',
    default: [],
  },
  skipLines: {
    doc: 'Lines to pass over at the beginning of the file, before the header.',
    format: 'nat',
    default: 0,
  },
  skipRepeatedHeaders: {
    doc: `Pass over lines that are the header again, as where files were put together. Without a header: lines that are \
the names in \`columns\`, so that files with a header may lie beside those without.`,
    format: 'boolean',
    default: false,
  },
  ...sectionOption('the first cell', '; `D + PRICE` is the first two cells'),
  ...commentOption,
  ...footerOptions,
  ...textOptions,
  ...lineEndOption,
  ...controlOption,
  skipEmptyLines: {
    doc: 'Pass over lines with nothing in them. When false, such a line is a row of one empty cell.',
    format: 'boolean',
    default: true,
  },
  skipEmptyRows: {
    doc: 'Pass over lines of nothing but delimiters and white space. When false, such a line is a row of empty cells.',
    format: 'boolean',
    default: false,
  },
  shortRows: {
    doc: 'What becomes of a row with fewer cells than there are columns: `reject` it, or `fill` it up with empty cells.',
    format: ['reject', 'fill'],
    default: 'reject',
  },
  trim: {
    doc: 'Take white space off both ends of cells and names of columns; inside quotes it stays.',
    format: 'boolean',
    default: false,
  },
  trimLeft: { doc: 'The same at the left end alone.', format: 'boolean', default: false },
  trimRight: { doc: 'The same at the right end alone.', format: 'boolean', default: false },
  maxRecordBytes: {
    doc: `A row longer than this many bytes (as UTF-8) is rejected. One with a quoted cell is so to where the quote \
closes, however far that is. Any other line 16 times as long fails the file.`,
    format: 'nat',
    default: 1_048_576,
  },
});

export default defineParser({
  name: 'csv',
  doc: 'Rows of delimited text: CSV, TSV and their relatives, with quoting as csv-parse understands it.',
  config,
  check: dialectProblems,
  columns: ({ columns }) => (columns.length > 0 ? columns : null),
  tellsNulls: ({ quotedEmpty }) => quotedEmpty === 'text',
  create(values, { log }) {
    const format = csvFormat(dialectFrom(values));
    return { takesBlocks: true, open: (file) => new TextFileParser(file, format, log) };
  },
});
