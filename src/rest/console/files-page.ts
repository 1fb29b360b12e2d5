import type { FileStatus } from '../../offsets/file-status.ts';
import type { FilesPage } from './messages.ts';

/** Which files are asked for; empty text for any. */
export interface FilesWanted {
  readonly state: string;
  /** Is in their names, whatever its letters' case. */
  readonly name: string;
  /** Those before it are left out. */
  readonly from: number;
}

export const FILES_ON_A_PAGE = 50;

/** @param files what changed last comes last */
export function filesPage(files: readonly FileStatus[], { state, name, from }: FilesWanted): FilesPage {
  const words = name.toLowerCase();
  const states: Record<string, number> = {};
  const wanted: FileStatus[] = [];
  for (const file of files) {
    if (words !== '' && !file.file.toLowerCase().includes(words)) continue;
    states[file.state] = (states[file.state] ?? 0) + 1;
    if (state === '' || file.state === state) wanted.push(file);
  }
  const end = Math.max(0, wanted.length - from);
  const start = Math.max(0, end - FILES_ON_A_PAGE);
  return { files: wanted.slice(start, end).reverse(), total: wanted.length, states };
}
