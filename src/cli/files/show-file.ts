import type { FileStatus } from '../../offsets/file-status.ts';
import { bytes, count } from '../../terminal/figures.ts';
import { printable } from '../../terminal/text.ts';
import { print, printJson } from '../print.ts';
import { type FilesFlags, fileNamed, filesOf } from './known-files.ts';

/** Prints everything that is known of a file, a line each. */
export async function showFile(connector: string, path: string, flags: FilesFlags): Promise<void> {
  const file = fileNamed(await filesOf(connector, flags), connector, path);
  if (flags.json) return printJson({ connector, file });
  const lines = factsOf(file).filter(([, fact]) => fact !== null);
  print(lines.map(([name, fact]) => `${`${name}:`.padEnd(12)}${printable(String(fact))}\n`).join(''));
}

function factsOf(status: FileStatus): [name: string, fact: string | number | null][] {
  const { file, task, state, position, size, rows, error, target, generation } = status;
  const { read, produced, filtered, rejected } = rows;
  return [
    ['file', file],
    ['state', state],
    ['reason', error],
    ['put into', target],
    ['task', task],
    ['delivered', size === null ? bytes(position) : `${bytes(position)}, of ${bytes(size)} on disk`],
    [
      'rows',
      `${count(read)}: ${count(produced)} produced, ${count(filtered)} filtered, ${count(rejected)} rejected`,
    ],
    ['discovered', status.discovered],
    ['started', status.started],
    ['finished', status.finished],
    ['changed', status.changed],
    ['generation', generation],
  ];
}
