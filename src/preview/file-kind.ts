import { statSync } from 'node:fs';
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
  return CONFIG_NAMES.includes(extension)
    ? { kind: 'feed', certain: true }
    : { kind: 'rows', certain: false };
}
