import type { FileStatus, ToldState } from '../../offsets/file-status.ts';
import { bytes, count } from '../../terminal/figures.ts';
import { type Column, textTable } from '../../terminal/text-table.ts';
import { print, printJson } from '../print.ts';
import { expectationsOf, expectationText } from '../remote/expected-files.ts';
import { workerOf } from '../remote/worker-command.ts';
import { type FilesFlags, filesFrom, filesOf } from './known-files.ts';

export interface ListFlags extends FilesFlags {
  readonly state?: readonly ToldState[];
  /** Milliseconds since a file changed, at least. */
  readonly older?: number;
  /** At most. */
  readonly newer?: number;
}

const ROW_COUNTS = ['read', 'produced', 'filtered', 'rejected'] as const;

const COLUMNS: readonly Column[] = [
  { title: 'file', align: 'left' },
  { title: 'task', align: 'right' },
  { title: 'state', align: 'left' },
  ...['position', 'size', 'rows', ...ROW_COUNTS.slice(1)].map((title): Column => ({ title, align: 'right' })),
  { title: 'changed', align: 'left' },
  { title: 'error', align: 'left' },
];

/** Prints the files of a connector, what changed last at the end, and below them which are expected, where a worker can tell. */
export async function listFiles(connector: string, flags: ListFlags): Promise<void> {
  const { all, expected } = await known(connector, flags);
  const files = all.filter((file) => isChosen(file, flags));
  if (flags.json) return printJson({ connector, files });
  if (files.length > 0) print(textTable(COLUMNS, files.map(rowOf)));
  else tellNone(connector, flags);
  print(expected);
}

async function known(connector: string, flags: ListFlags) {
  if (flags.worker !== undefined) return { all: await filesOf(connector, flags), expected: '' };
  const worker = await workerOf(flags);
  const all = await filesFrom(worker, connector);
  return { all, expected: flags.json ? '' : expectationText(await expectationsOf(worker, connector)) };
}

function tellNone(connector: string, flags: ListFlags): void {
  const which = flags.state === undefined ? 'no file' : `no file that is ${flags.state.join(' or ')}`;
  const when = flags.older === undefined && flags.newer === undefined ? '' : ', of that age';
  console.error(`${connector} has met ${which}${when}`);
}

function isChosen({ state, changed }: FileStatus, { state: states, older = 0, newer }: ListFlags): boolean {
  const ageMs = Date.now() - Date.parse(changed);
  const isOfAge = ageMs >= older && ageMs <= (newer ?? Number.POSITIVE_INFINITY);
  return isOfAge && (states?.includes(state) ?? true);
}

function rowOf({ file, task, state, position, size, rows, changed, error }: FileStatus): string[] {
  const counts = ROW_COUNTS.map((name) => count(rows[name]));
  return [
    file,
    task === null ? '' : String(task),
    state,
    bytes(position),
    size === null ? '' : bytes(size),
    ...counts,
    `${changed.slice(0, 19)}Z`,
    error ?? '',
  ];
}
