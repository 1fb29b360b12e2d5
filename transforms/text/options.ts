import type { ConfigProblem } from '../../src/plugin/index.ts';
import { ENCODINGS } from './encoding.ts';

/** Options that every parser of text has. */
export const textOptions = {
  encoding: {
    doc: `How the text is encoded. A byte order mark of UTF-8 or UTF-16 at the beginning wins over this. \`auto\` finds it out \
for each file by its beginning, tells it in the log, and gives up a file that does not say.`,
    format: ['auto', ...ENCODINGS],
    default: 'utf8',
  },
} as const;

/** For formats that have comments. */
export const commentOption = {
  comment: {
    doc: 'Lines that begin with this, or with one of several, are passed over. By default there are no comments.',
    format: 'list',
    default: [],
  },
} as const;

/** For formats whose files may have rows of several kinds. */
export const sectionOption = (begin: string, more = '') =>
  ({
    section: {
      doc: `Of a file with rows of several kinds, those to read: ${begin} is this, or one of several${more}. All other lines are passed \
over, before a header as well. By default all lines are rows.`,
      format: 'list',
      default: [],
    },
  }) as const;

export function markers(comment: readonly string[]): Buffer[] {
  return comment.map((marker) => Buffer.from(marker));
}

/** Those of parsers to which every line is a row. */
export const lineOptions = {
  ...textOptions,
  maxRecordBytes: {
    doc: 'A line longer than this many bytes (as UTF-8) is rejected. One 16 times as long fails the file.',
    format: 'nat',
    default: 1_048_576,
  },
} as const;

export function* commentProblems(comment: readonly string[]): Iterable<ConfigProblem> {
  if (!comment.some((marker) => /[\r\n]/.test(marker))) return;
  yield { key: 'comment', message: 'must not hold a line end, which ends a row' };
}

/** What a format cannot find. */
export function* recordBytesProblems(maxRecordBytes: number): Iterable<ConfigProblem> {
  if (maxRecordBytes > 0) return;
  yield { key: 'max.record.bytes', message: 'expected at least 1, got 0: every row would be rejected' };
}
