import type { TextFormat } from '../text/text-format.ts';
import type { Dialect } from './dialect.ts';
import { dialectOf, readHead } from './head.ts';
import { RowSplitter } from './split-rows.ts';

export function csvFormat(dialect: Dialect): TextFormat {
  const { encoding, lineEnd, maxRecordBytes, quote, controlCharacters, footer, headerRows } = dialect;
  return {
    plugin: 'csv',
    what: 'CSV',
    encoding,
    lineEnd,
    maxRecordBytes,
    controlCharacters,
    footer,
    quote,
    hasHeader: headerRows > 0,
    readHead: (text, eof, path) => readHead(text, dialect, eof, path),
    splitter: (head, decoding) => new RowSplitter(dialectOf(dialect, head), head.columns, decoding),
  };
}
