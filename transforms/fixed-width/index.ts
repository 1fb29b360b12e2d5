import { type ConfigValues, defineConfig, defineParser } from '../../src/plugin/index.ts';
import { controlOption } from '../text/control-characters.ts';
import { footerFrom, footerOptions, footerProblems } from '../text/footer.ts';
import { plainHead } from '../text/head.ts';
import { lineEndOption } from '../text/line-ends.ts';
import { type LineRules, LineSplitter } from '../text/line-splitter.ts';
import {
  commentOption,
  commentProblems,
  lineOptions,
  markers,
  recordBytesProblems,
  sectionOption,
} from '../text/options.ts';
import { TextFileParser } from '../text/text-file-parser.ts';
import type { TextFormat } from '../text/text-format.ts';
import { lineCutter } from './cut-line.ts';
import { columnProblems, columnsFrom } from './layout.ts';

const config = defineConfig({
  columns: {
    doc: `The columns, in the order in which they stand in a line, each with its first and last place: \`symbol 1-8, \
price 9-20, side 21, note 22-\`. Places count characters from 1 on, whatever the encoding is. What stands between \
columns is passed over; the last may be open, up to the end of the line.`,
    format: 'list',
    required: true,
  },
  trim: {
    doc: 'Take white space off both ends of cells: what fills them up to their width.',
    format: 'boolean',
    default: true,
  },
  shortLines: {
    doc: `What becomes of a line that ends before its last column does: \`reject\`, or \`fill\`, which makes empty \
cells of what is not there.`,
    format: ['reject', 'fill'],
    default: 'reject',
  },
  longLines: {
    doc: `What becomes of a line that goes on behind its last column: \`reject\`, or \`ignore\` what is there. White \
space there means nothing.`,
    format: ['reject', 'ignore'],
    default: 'reject',
  },
  skipLines: {
    doc: 'Lines to pass over at the beginning of the file, such as one of headings.',
    format: 'nat',
    default: 0,
  },
  skipEmptyLines: {
    doc: 'Pass over lines with nothing in them. When false, such a line is too short.',
    format: 'boolean',
    default: true,
  },
  ...sectionOption('the beginning of the line'),
  ...commentOption,
  ...footerOptions,
  ...lineOptions,
  ...lineEndOption,
  ...controlOption,
});

export default defineParser({
  name: 'fixed-width',
  doc: 'Lines whose cells stand at the same places in each, as mainframes and reports write them.',
  config,
  *check(options) {
    const { columns, comment, maxRecordBytes } = options;
    yield* columnProblems(columns);
    yield* commentProblems(comment);
    yield* footerProblems(options);
    yield* recordBytesProblems(maxRecordBytes);
  },
  columns: ({ columns }) => columnsFrom(columns).map(({ name }) => name),
  create(options, { log }) {
    const format = fixedWidthFormat(options);
    return { takesBlocks: true, open: (file) => new TextFileParser(file, format, log) };
  },
});

function fixedWidthFormat(options: ConfigValues<typeof config>): TextFormat {
  const { controlCharacters, encoding, lineEnd, maxRecordBytes, skipEmptyLines, skipLines } = options;
  const columns = columnsFrom(options.columns);
  const names = columns.map(({ name }) => name);
  const rules: LineRules = {
    maxRecordBytes,
    skipEmptyLines,
    comments: markers(options.comment),
    section: options.section.length === 0 ? null : { begins: markers(options.section), end: null },
    cutter: lineCutter({ ...options, columns }),
  };
  return {
    plugin: 'fixed-width',
    what: 'fixed-width text',
    encoding,
    lineEnd,
    maxRecordBytes,
    controlCharacters,
    footer: footerFrom(options),
    quote: null,
    hasHeader: false,
    readHead: (text, eof) => plainHead(names, text, skipLines, eof),
    splitter: ({ columns: given }, decoding) => new LineSplitter(rules, given, decoding),
  };
}
