import type { StoredSourceOffset } from '../../storage/offset-table.ts';
import { count } from '../load/figures.ts';
import { print, printJson } from '../print.ts';
import { type Column, textTable } from '../text-table.ts';
import { fileOf, type OffsetStore, offsetsOf } from './offset-store.ts';

const FIGURES = ['row', 'produced', 'filtered', 'rejected'] as const;

const LIST_COLUMNS: readonly Column[] = [
  { title: 'connector', align: 'left' },
  ...['files', 'delivered', 'unfinished', 'rows', 'produced', 'filtered', 'rejected'].map(
    (title): Column => ({ title, align: 'right' }),
  ),
];
const SHOW_COLUMNS: readonly Column[] = [
  { title: 'file', align: 'left' },
  { title: 'state', align: 'left' },
  ...['position', 'rows', 'produced', 'filtered', 'rejected'].map(
    (title): Column => ({ title, align: 'right' }),
  ),
  { title: 'generation', align: 'left' },
];

/** Prints every connector with its files. */
export function listOffsets({ table, worker }: OffsetStore, json: boolean): void {
  const connectors = table.connectors().map((connector) => summaryOf(connector, table.of(connector)));
  if (json) return printJson({ topic: worker.offsetStorageTopic, connectors });
  if (connectors.length === 0) {
    console.error(`${worker.offsetStorageTopic} is empty: nothing was delivered yet`);
    return;
  }
  const rows = connectors.map(({ connector, ...figures }) => [
    connector,
    ...Object.values(figures).map(count),
  ]);
  print(textTable(LIST_COLUMNS, rows));
}

/** Prints the files of a connector; as JSON in the form of Connect's `GET /connectors/{connector}/offsets`. */
export function showOffsets(store: OffsetStore, connector: string, json: boolean): void {
  const found = offsetsOf(store, connector);
  if (json) return printJson({ offsets: found.map(({ partition, offset }) => ({ partition, offset })) });
  const rows = found.map((entry) => {
    const { partition, offset } = entry;
    const name = fileOf(entry) ?? JSON.stringify(partition);
    const figures = ['position', ...FIGURES].map((figure) => figureText(offset[figure]));
    return [name, stateOf(entry), ...figures, String(partition.generation ?? '')];
  });
  print(textTable(SHOW_COLUMNS, rows));
}

function summaryOf(connector: string, entries: readonly StoredSourceOffset[]) {
  const files = entries.filter((entry) => fileOf(entry) !== null);
  const delivered = files.filter((entry) => stateOf(entry) === 'delivered').length;
  const sum = (figure: (typeof FIGURES)[number]) =>
    files.reduce((total, { offset }) => total + Number(offset[figure] ?? 0), 0);
  return {
    connector,
    files: files.length,
    delivered,
    unfinished: files.length - delivered,
    rows: sum('row'),
    produced: sum('produced'),
    filtered: sum('filtered'),
    rejected: sum('rejected'),
  };
}

function stateOf(entry: StoredSourceOffset): string {
  if (fileOf(entry) === null) return '';
  return entry.offset.eof === true ? 'delivered' : 'unfinished';
}

function figureText(value: unknown): string {
  return typeof value === 'number' ? count(value) : '';
}
