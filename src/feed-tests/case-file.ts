import { dirname, isAbsolute, join } from 'node:path';
import type { Problem } from '../config/read/problem.ts';
import { readTextFile } from '../config/read/text-file.ts';
import {
  type ExpectedDeadLetter,
  type ExpectedRecord,
  type FeedCase,
  isFields,
  NumberText,
} from './expected.ts';
import { YamlReader } from './yaml-reader.ts';

/** A file of cases for one feed. */
export interface CaseFile {
  readonly file: string;
  /** The feed's path; null when it is missing, which is a problem. */
  readonly feed: string | null;
  readonly cases: readonly FeedCase[];
  readonly problems: readonly Problem[];
}

const EXPECTED = { name: 'a file of cases', file: 'a YAML file of cases', text: 'YAML', maxMiB: 256 };
const CASE_KEYS = ['name', 'file', 'rows', 'records', 'deadLetters'];
const RECORD_KEYS = ['topic', 'key', 'partition', 'value', 'fields', 'headers', 'timestamp'];

/** Reads a file of cases. Never throws: every mistake in it is a problem with its line. */
export function readCaseFile(file: string): CaseFile {
  const read = readTextFile(file, EXPECTED);
  if ('message' in read) return unusable(file, read.message);
  if (read.text.trim() === '') return unusable(file, 'is empty; expected a feed and cases');
  const reader = new YamlReader(read.text, file);
  if (reader.keys().has('connector.class'))
    return unusable(file, 'is a feed; expected the file of its cases, which names it (feed: ./trades.yaml)');
  const { problems } = reader;
  if (problems.length > 0) return { file, feed: null, cases: [], problems };
  const { feed, cases } = readRoot(reader);
  return { file, feed: feed && besides(file, feed), cases, problems };
}

function unusable(file: string, message: string): CaseFile {
  return {
    file,
    feed: null,
    cases: [],
    problems: [{ file, line: null, column: null, key: null, message }],
  };
}

/** The feed's path, as one would type it where the file's is typed. */
function besides(file: string, feed: string): string {
  return isAbsolute(feed) ? feed : join(dirname(file), feed);
}

function readRoot(reader: YamlReader): { feed: string | null; cases: FeedCase[] } {
  const root = reader.map(reader.root, '', ['feed', 'cases']);
  if (root === null) return { feed: null, cases: [] };
  const feedNode = root.get('feed');
  if (feedNode === undefined) {
    reader.problem(reader.root, 'feed', 'is missing: the path of the feed, relative to this file');
  }
  const feed = feedNode === undefined ? null : reader.text(feedNode, 'feed');
  const nodes = root.has('cases') ? reader.list(root.get('cases'), 'cases') : [];
  if (!root.has('cases')) reader.problem(reader.root, 'cases', 'is missing: a list of cases');
  else if (nodes.length === 0) reader.problem(root.get('cases'), 'cases', 'has no case in it');
  const cases = nodes.flatMap((node, index) => readCase(reader, node, `cases[${index}]`));
  return { feed, cases };
}

function readCase(reader: YamlReader, node: unknown, path: string): FeedCase[] {
  const entries = reader.map(node, path, CASE_KEYS);
  if (entries === null) return [];
  const text = (key: string, what: string | null) => {
    if (entries.has(key)) return reader.text(entries.get(key), `${path}.${key}`);
    if (what !== null) reader.problem(node, `${path}.${key}`, `is missing: ${what}`);
    return null;
  };
  const name = text('name', 'what the case shows');
  const rows = text('rows', 'the text of a file, after "rows: |"');
  const file = text('file', null) ?? 'rows.csv';
  const items = (key: string) => (entries.has(key) ? reader.list(entries.get(key), `${path}.${key}`) : []);
  const records = items('records').map((item, index) =>
    readRecord(reader, item, `${path}.records[${index}]`),
  );
  const deadLetters = items('deadLetters').flatMap((item, index) =>
    readDeadLetter(reader, item, `${path}.deadLetters[${index}]`),
  );
  if (!entries.has('records') && !entries.has('deadLetters')) {
    reader.problem(node, path, 'expects nothing: give records or deadLetters; records: [] is for none');
  }
  if (name === null || rows === null) return [];
  return [{ name, line: reader.lineOf(node), file, rows, records, deadLetters }];
}

function readRecord(reader: YamlReader, node: unknown, path: string): ExpectedRecord {
  const entries = reader.map(node, path, RECORD_KEYS);
  if (entries === null) return {};
  if (entries.size === 0) reader.problem(node, path, `expected one or more of ${RECORD_KEYS.join(', ')}`);
  if (entries.has('value') && entries.has('fields')) {
    const message = 'is for some fields of the value, and value for all of them; keep one of the two';
    reader.problem(entries.get('fields'), `${path}.fields`, message);
  }
  const record: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    const at = `${path}.${key}`;
    const data = key === 'topic' ? reader.text(value, at) : reader.data(value, at);
    const expected = EXPECTATIONS[key];
    if (expected !== undefined && !expected.test(data))
      reader.problem(value, at, `expected ${expected.what}`);
    else record[key] = data;
  }
  return record as ExpectedRecord;
}

type Data = Parameters<typeof isFields>[0];

const NAMED = { what: 'names and values', test: isFields };
const EXPECTATIONS: Readonly<Record<string, { what: string; test: (data: Data) => boolean }>> = {
  fields: NAMED,
  headers: NAMED,
  partition: { what: 'a number', test: (data) => data instanceof NumberText },
  timestamp: {
    what: 'a time (2026-01-31T09:30:00.000Z) or milliseconds since 1970',
    test: (data) => data instanceof NumberText || !Number.isNaN(Date.parse(String(data))),
  },
};

function readDeadLetter(reader: YamlReader, node: unknown, path: string): ExpectedDeadLetter[] {
  const entries = reader.map(node, path, ['row', 'error']);
  if (entries === null) return [];
  if (!entries.has('row'))
    reader.problem(node, `${path}.row`, 'is missing: the number of the row, 1 is the first');
  const row = entries.has('row') ? reader.text(entries.get('row'), `${path}.row`) : null;
  const error = entries.has('error') ? reader.text(entries.get('error'), `${path}.error`) : null;
  if (row === null) return [];
  if (/^[1-9]\d{0,8}$/.test(row)) return [{ row: Number(row), error }];
  reader.problem(
    entries.get('row'),
    `${path}.row`,
    `expected a number of 1 or more, got ${JSON.stringify(row)}`,
  );
  return [];
}
