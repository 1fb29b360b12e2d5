import { Command, Option } from 'commander';
import type { FileStatus, ToldState } from '../../offsets/file-status.ts';
import { bytes, count } from '../../terminal/figures.ts';
import { type Column, textTable } from '../../terminal/text-table.ts';
import { print, printJson } from '../print.ts';
import { connectorPath } from './worker-client.ts';
import { type WorkerFlags, workerCommand, workerOf } from './worker-command.ts';

const STATES: readonly ToldState[] = [
  ...(['DISCOVERED', 'SETTLING', 'READY', 'READING', 'DELIVERED'] as const),
  ...(['COMPLETED', 'SKIPPED', 'FAILED', 'QUARANTINED', 'IGNORED'] as const),
];

interface FilesFlags extends WorkerFlags {
  readonly state?: readonly ToldState[];
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
  const all = (await worker.get(connectorPath(connector, 'files'))) as readonly FileStatus[];
  const files = all.filter(({ state }) => flags.state?.includes(state) ?? true);
  if (flags.json) return printJson({ connector, files });
  if (files.length > 0) return print(textTable(COLUMNS, files.map(rowOf)));
  const which = flags.state === undefined ? 'no file' : `no file that is ${flags.state.join(' or ')}`;
  console.error(`${connector} has met ${which}`);
}

function rowOf({ file, task, state, position, size, rows, error }: FileStatus): string[] {
  const counts = ROW_COUNTS.map((name) => count(rows[name]));
  return [
    file,
    task === null ? '' : String(task),
    state,
    bytes(position),
    size === null ? '' : bytes(size),
    ...counts,
    error ?? '',
  ];
}
