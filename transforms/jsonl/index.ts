import { type ConfigValues, defineConfig, defineParser } from '../../src/plugin/index.ts';
import { columnNamesMistake } from '../text/column-names-mistake.ts';
import { plainHead } from '../text/head.ts';
import { LineSplitter } from '../text/line-splitter.ts';
import { lineOptions, recordBytesProblems } from '../text/options.ts';
import { quotedEmptyOption } from '../text/quoted-empty.ts';
import { TextFileParser } from '../text/text-file-parser.ts';
import type { TextFormat } from '../text/text-format.ts';
import { objectCutter } from './cut-line.ts';
import { copyUnescaped } from './escapes.ts';
import { headByFirstObject } from './first-object.ts';

const config = defineConfig({
  columns: {
    doc: `The keys that are columns, in order; \`price.amount\` is the key \`amount\` of the object \`price\`. By default \
the fields of a \`schema\` behind, or else the keys of the file's first object, those within objects by their path.`,
    format: 'list',
    default: [],
  },
  unknownKeys: {
    doc: `What becomes of a row with a key that is no column's: \`reject\` it, or \`ignore\` the key. By default \`reject\`, \
and \`ignore\` where the columns are the fields of a \`schema\`.`,
    format: ['reject', 'ignore'],
    default: null,
  },
  ...quotedEmptyOption,
  ...lineOptions,
});

export default defineParser({
  name: 'jsonl',
  doc: 'JSON lines (NDJSON): every line is an object, whose keys are columns.',
  config,
  *check({ columns, maxRecordBytes }) {
    const bad = columnNamesMistake(columns);
    if (bad !== null) yield { key: 'columns', message: bad };
    for (const name of columns) {
      const outer = columns.find((other) => name.startsWith(`${other}.`));
      if (outer === undefined) continue;
      const message = `${name} is within ${outer}, whose cell is all of its object; name one of the two`;
      yield { key: 'columns', message };
    }
    yield* recordBytesProblems(maxRecordBytes);
  },
  columns: ({ columns }) => (columns.length > 0 ? columns : null),
  tellsNulls: ({ quotedEmpty }) => quotedEmpty === 'text',
  create(options, { log, wantedFields }) {
    const format = jsonlFormat(options, wantedFields ?? []);
    return { takesBlocks: true, open: (file) => new TextFileParser(file, format, log) };
  },
});

function jsonlFormat(options: ConfigValues<typeof config>, wanted: readonly string[]): TextFormat {
  const { encoding, maxRecordBytes } = options;
  const emptyTextsIn = options.quotedEmpty === 'text' ? '"' : null;
  const isOfSchema = options.columns.length === 0 && wanted.length > 0;
  const named = isOfSchema ? wanted : options.columns;
  const rejectsUnknown = (options.unknownKeys ?? (isOfSchema ? 'ignore' : 'reject')) === 'reject';
  return {
    plugin: 'jsonl',
    what: 'a file of JSON lines',
    encoding,
    // A CR is white space between values, and in no text.
    lineEnd: 'any',
    maxRecordBytes,
    // JSON has none in its texts but by escapes, which mean them.
    controlCharacters: 'keep',
    footer: null,
    quote: null,
    hasHeader: false,
    readHead: (text, eof, path) =>
      named.length > 0 ? plainHead(named, text, 0, eof) : headByFirstObject(text, eof, path, maxRecordBytes),
    splitter({ columns }, decoding) {
      const cutter = objectCutter(columns, rejectsUnknown, decoding);
      const rules = { maxRecordBytes, skipEmptyLines: true, comments: [], section: null, emptyTextsIn };
      return new LineSplitter({ ...rules, cutter, copyUnescaped }, columns, decoding);
    },
  };
}
