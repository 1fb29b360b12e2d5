import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { configKind } from '../config/config-kind.ts';
import { readConfigFile } from '../config/read/config-file.ts';
import { isUrl } from '../values/url.ts';

/** What a file given to `preview` is, and whether that was told by its name or content, or is merely likely. */
export interface FileKind {
  readonly kind: 'feed' | 'worker' | 'rows';
  readonly certain: boolean;
}

const CONFIG_NAMES = ['.yaml', '.yml', '.json'];
const TEXT_NAMES = ['.csv', '.tsv', '.tab', '.psv', '.txt', '.jsonl', '.ndjson'];
const ROW_NAMES = [...TEXT_NAMES, '.gz', '.zst', '.bz2', '.xz', '.zip'];

/** Tells a feed from a file of rows, by its content where its name does not say. Feeds are on this machine. */
export function fileKind(path: string): FileKind {
  if (isUrl(path)) return { kind: 'rows', certain: true };
  const extension = extname(path).toLowerCase();
  if (ROW_NAMES.includes(extension)) return { kind: 'rows', certain: true };
  const kind = statSync(path, { throwIfNoEntry: false })?.isFile()
    ? configKind(readConfigFile(path).config)
    : null;
  if (kind !== null) return { kind, certain: true };
  if (extension === '.json' && hasManyObjects(path)) return { kind: 'rows', certain: true };
  return CONFIG_NAMES.includes(extension)
    ? { kind: 'feed', certain: true }
    : { kind: 'rows', certain: false };
}

const HEAD_BYTES = 64 * 1024;

/** A list, or an object a line: a feed is one object. What cannot be read is told by whoever reads it. */
function hasManyObjects(path: string): boolean {
  return /^\uFEFF?\s*(?:\[|\{.*\}\s*\n\s*\{)/.test(headOf(path));
}

function headOf(path: string): string {
  const head = Buffer.alloc(HEAD_BYTES);
  try {
    const file = openSync(path, 'r');
    try {
      return head.toString('utf8', 0, readSync(file, head, 0, HEAD_BYTES, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
