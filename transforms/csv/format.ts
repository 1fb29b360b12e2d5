import type { TextFormat } from '../text/text-format.ts';
import type { Dialect } from './dialect.ts';
import { readHead } from './head.ts';
import { RowSplitter } from './split-rows.ts';

export function csvFormat(dialect: Dialect): TextFormat {
  const { encoding, maxRecordBytes, quote, columns: named } = dialect;
  return {
    plugin: 'csv',
    what: 'CSV',
    encoding,
    maxRecordBytes,
    quote,
    hasHeader: named === null,
    readHead: (text, eof, path) => readHead(text, dialect, eof, path),
    splitter: (columns, decoding) => new RowSplitter(dialect, columns, decoding),
  };
}
