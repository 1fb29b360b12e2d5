import { Command, Option } from 'commander';
import type { FileState } from '../../plugin/index.ts';
import { bytes, count } from '../../terminal/figures.ts';
import { type Column, textTable } from '../../terminal/text-table.ts';
import { print, printJson } from '../print.ts';
import { connectorPath } from './worker-client.ts';
import { type WorkerFlags, workerCommand, workerOf } from './worker-command.ts';

const STATES: readonly FileState[] = ['DISCOVERED', 'READING', 'DELIVERED', 'COMPLETED', 'SKIPPED', 'FAILED'];

interface FilesFlags extends WorkerFlags {
  readonly state?: readonly FileState[];
}

/** As a worker's `GET /connectors/{connector}/files` gives one. */
interface ListedFile {
  readonly file: string;
  readonly task: number;
  readonly state: FileState;
  /** Bytes. */
  readonly position: number;
  /** Bytes; null while it is not known. */
  readonly size: number | null;
  readonly rows: Readonly<Record<(typeof ROW_COUNTS)[number], number>>;
  readonly error: string | null;
}

const ROW_COUNTS = ['read', 'produced', 'filtered', 'rejected'] as const;

const COLUMNS: readonly Column[] = [
  { title: 'file', align: 'left' },
  { title: 'task', align: 'right' },
  { title: 'state', align: 'left' },
  ...['position', 'size', 'rows', ...ROW_COUNTS.slice(1)].map((title): Column => ({ title, align: 'right' })),
  { title: 'error', align: 'left' },
];

export function filesCommand(): Command {
  const files = new Command('files')
    .description('the files of a connector of a running worker')
    .exitOverride();
  const list = workerCommand('list', 'each file that its tasks have met lately, and how far it is delivered')
    .argument('<connector>', 'name of the connector')
    .addOption(new Option('--state <state...>', 'only files in these states').choices(STATES))
    .showHelpAfterError('(headrace files list --help tells more)')
    .exitOverride()
    .action(listFiles);
  return files.addCommand(list, { isDefault: true });
}

async function listFiles(connector: string, flags: FilesFlags): Promise<void> {
  const worker = await workerOf(flags);
  const all = (await worker.get(connectorPath(connector, 'files'))) as readonly ListedFile[];
  const files = all.filter(({ state }) => flags.state?.includes(state) ?? true);
  if (flags.json) return printJson({ connector, files });
  if (files.length > 0) return print(textTable(COLUMNS, files.map(rowOf)));
  const which = flags.state === undefined ? 'no file' : `no file that is ${flags.state.join(' or ')}`;
  console.error(`${connector} has met ${which} since its worker started`);
}

function rowOf({ file, task, state, position, size, rows, error }: ListedFile): string[] {
  const counts = ROW_COUNTS.map((name) => count(rows[name]));
  return [
    file,
    String(task),
    state,
    bytes(position),
    size === null ? '' : bytes(size),
    ...counts,
    error ?? '',
  ];
}
