import { defineConfig, defineParser } from '../../src/plugin/index.ts';
import { type ControlCharacters, controlOption } from '../text/control-characters.ts';
import type { EncodingOption } from '../text/encoding.ts';
import { plainHead } from '../text/head.ts';
import { type LineEnd, lineEndOption } from '../text/line-ends.ts';
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
  skipEmptyLines: {
    doc: 'Pass over lines with nothing in them. When false, such a line is a row of one empty cell.',
    format: 'boolean',
    default: false,
  },
  ...lineOptions,
  ...lineEndOption,
  ...controlOption,
});

interface LinesOptions {
  readonly column: string;
  readonly skipEmptyLines: boolean;
  readonly encoding: EncodingOption;
  readonly lineEnd: LineEnd;
  readonly maxRecordBytes: number;
  readonly controlCharacters: ControlCharacters;
}

export default defineParser({
  name: 'lines',
  doc: 'Every line is a row of one cell, as it stands: the text between two line ends (LF, CRLF or CR).',
  config,
  *check({ column, maxRecordBytes }) {
    if (column === '') yield { key: 'column', message: 'expected a name, got nothing' };
    yield* recordBytesProblems(maxRecordBytes);
  },
  columns: ({ column }) => [column],
  create(options, { log }) {
    const format = linesFormat(options);
    return { takesBlocks: true, open: (file) => new TextFileParser(file, format, log) };
  },
});

function linesFormat(options: LinesOptions): TextFormat {
  const { column, skipEmptyLines, encoding, lineEnd, maxRecordBytes, controlCharacters } = options;
  const rules: LineRules = { maxRecordBytes, skipEmptyLines, comments: [], section: null, cutter: wholeLine };
  const named = [column];
  return {
    plugin: 'lines',
    what: 'a text of lines',
    encoding,
    lineEnd,
    maxRecordBytes,
    controlCharacters,
    footer: null,
    quote: null,
    hasHeader: false,
    readHead: (text, eof) => plainHead(named, text, 0, eof),
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
