import type { StoredSourceOffset } from '../../offsets/offset-table.ts';
import { count } from '../../terminal/figures.ts';
import { type Column, textTable } from '../../terminal/text-table.ts';
import { print, printJson } from '../print.ts';
import { fileOf, type OffsetStore, offsetsOf } from './offset-store.ts';

/** What a connector has delivered of a source partition, as far as it is shown. */
export type ShownOffset = Pick<StoredSourceOffset, 'partition' | 'offset'> & {
  /** Of the last commit; not set where nobody tells it. */
  readonly timestamp?: number;
};

const FIGURES = ['row', 'produced', 'filtered', 'rejected'] as const;

type FileState = 'delivered' | 'unfinished' | 'failed';

const LIST_COLUMNS: readonly Column[] = [
  { title: 'connector', align: 'left' },
  ...['files', 'delivered', 'unfinished', 'failed', 'rows', 'produced', 'filtered', 'rejected'].map(
    (title): Column => ({ title, align: 'right' }),
  ),
];
const SHOW_COLUMNS: readonly Column[] = [
  { title: 'file', align: 'left' },
  { title: 'state', align: 'left' },
  ...['position', 'last line', 'rows', 'produced', 'filtered', 'rejected'].map(
    (title): Column => ({ title, align: 'right' }),
  ),
  { title: 'last commit', align: 'left' },
  { title: 'generation', align: 'left' },
  { title: 'reason', align: 'left' },
];

/** Prints every connector with its files. */
export function listOffsets({ table, worker }: OffsetStore, json: boolean): void {
  const connectors = table.connectors().map((connector) => summaryOf(connector, table.of(connector)));
  if (json) return printJson({ topic: worker.offsetStorageTopic, connectors });
  if (connectors.length > 0) return printSummaries(connectors);
  console.error(`${worker.offsetStorageTopic} is empty: nothing was delivered yet`);
}

export function printSummaries(connectors: readonly ReturnType<typeof summaryOf>[]): void {
  const rows = connectors.map(({ connector, ...figures }) => [
    connector,
    ...Object.values(figures).map(count),
  ]);
  print(textTable(LIST_COLUMNS, rows));
}

/** Prints the files of a connector; as JSON in the form of Connect's `GET /connectors/{connector}/offsets`. */
export function showOffsets(store: OffsetStore, connector: string, json: boolean): void {
  printOffsets(offsetsOf(store, connector), json);
}

export function printOffsets(found: readonly ShownOffset[], json: boolean): void {
  if (json) return printJson({ offsets: found.map(({ partition, offset }) => ({ partition, offset })) });
  const rows = found.map((entry) => {
    const { partition, offset } = entry;
    const name = fileOf(entry) ?? JSON.stringify(partition);
    const figures = ['position', 'line', ...FIGURES].map((figure) => figureText(offset[figure]));
    const reason = typeof offset.failed === 'string' ? offset.failed : '';
    const generation = String(partition.generation ?? '');
    return [name, stateOf(entry) ?? '', ...figures, timeText(entry.timestamp), generation, reason];
  });
  print(textTable(SHOW_COLUMNS, rows));
}

export function summaryOf(connector: string, entries: readonly ShownOffset[]) {
  const files = entries.filter((entry) => fileOf(entry) !== null);
  const inState = (state: FileState) => files.filter((entry) => stateOf(entry) === state).length;
  const sum = (figure: (typeof FIGURES)[number]) =>
    files.reduce((total, { offset }) => total + Number(offset[figure] ?? 0), 0);
  return {
    connector,
    files: files.length,
    delivered: inState('delivered'),
    unfinished: inState('unfinished'),
    failed: inState('failed'),
    rows: sum('row'),
    produced: sum('produced'),
    filtered: sum('filtered'),
    rejected: sum('rejected'),
  };
}

/** Null for what is no file. */
function stateOf(entry: ShownOffset): FileState | null {
  if (fileOf(entry) === null) return null;
  if (entry.offset.eof === true) return 'delivered';
  return typeof entry.offset.failed === 'string' ? 'failed' : 'unfinished';
}

function figureText(value: unknown): string {
  return typeof value === 'number' ? count(value) : '';
}

/** To the second, in UTC. */
function timeText(timestamp = 0): string {
  return timestamp === 0 ? '' : `${new Date(timestamp).toISOString().slice(0, 19)}Z`;
}
