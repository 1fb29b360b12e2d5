import type { SourceRecord } from '../plugin/index.ts';
import { FILE } from './test-file.ts';

/** The record of a file's first row, with this value; `parts` are what else is set by then, such as its topic. */
export function testRecord(value: unknown, parts: Partial<Omit<SourceRecord, 'value'>> = {}): SourceRecord {
  return {
    topic: null,
    partition: null,
    key: null,
    valueSchema: null,
    headers: [],
    timestamp: null,
    origin: { filePath: FILE.path, fileName: FILE.name, row: 1, line: 1, offset: 0 },
    ...parts,
    value,
  };
}
