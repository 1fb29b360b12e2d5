import { type ConfigValues, defineConfig, defineParser } from '../../src/plugin/index.ts';
import { controlOption } from '../text/control-characters.ts';
import { footerFrom, footerOptions, footerProblems } from '../text/footer.ts';
import { plainHead } from '../text/head.ts';
import { lineEndOption } from '../text/line-ends.ts';
import { type LineRules, LineSplitter } from '../text/line-splitter.ts';
import { lineOptions, recordBytesProblems } from '../text/options.ts';
import type { RowTable } from '../text/row-table.ts';
import { TextFileParser } from '../text/text-file-parser.ts';
import type { TextFormat } from '../text/text-format.ts';

const config = defineConfig({
  column: {
    doc: 'The name of the one column.',
    format: 'string',
    default: 'line',
  },
  skipLines: {
    doc: 'Lines to pass over at the beginning of the file, such as a title.',
    format: 'nat',
    default: 0,
  },
  skipEmptyLines: {
    doc: 'Pass over lines with nothing in them. When false, such a line is a row of one empty cell.',
    format: 'boolean',
    default: false,
  },
  ...footerOptions,
  ...lineOptions,
  ...lineEndOption,
  ...controlOption,
});

export default defineParser({
  name: 'lines',
  doc: 'Every line is a row of one cell, as it stands: the text between two line ends (LF, CRLF or CR).',
  config,
  *check(options) {
    const { column, maxRecordBytes } = options;
    if (column === '') yield { key: 'column', message: 'expected a name, got nothing' };
    yield* footerProblems(options);
    yield* recordBytesProblems(maxRecordBytes);
  },
  columns: ({ column }) => [column],
  create(options, { log }) {
    const format = linesFormat(options);
    return { takesBlocks: true, open: (file) => new TextFileParser(file, format, log) };
  },
});

function linesFormat(options: ConfigValues<typeof config>): TextFormat {
  const { column, skipLines, skipEmptyLines, encoding, lineEnd, maxRecordBytes, controlCharacters } = options;
  const rules: LineRules = { maxRecordBytes, skipEmptyLines, comments: [], section: null, cutter: wholeLine };
  const named = [column];
  return {
    plugin: 'lines',
    what: 'a text of lines',
    encoding,
    lineEnd,
    maxRecordBytes,
    controlCharacters,
    footer: footerFrom(options),
    quote: null,
    hasHeader: false,
    readHead: (text, eof) => plainHead(named, text, skipLines, eof),
    splitter: ({ columns }, decoding) => new LineSplitter(rules, columns, decoding),
  };
}

function wholeLine(table: RowTable) {
  return (start: number, end: number, line: number) => {
    table.beginRow();
    table.addCell(start, end);
    table.endRow(start, end, line);
  };
}
