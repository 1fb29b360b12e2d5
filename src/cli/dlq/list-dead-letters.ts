import { countByFile, countByReason } from '../../dead-letters/counts.ts';
import { count, counted } from '../../terminal/figures.ts';
import { type Column, textTable } from '../../terminal/text-table.ts';
import { print, printJson } from '../print.ts';
import { nameOfPlace, type OpenQueue } from './open-queue.ts';

const REASON_COLUMNS: readonly Column[] = [
  { title: 'rows', align: 'right' },
  { title: 'stage', align: 'left' },
  { title: 'error', align: 'left' },
  { title: 'reason', align: 'left' },
];
const FILE_COLUMNS: readonly Column[] = [
  { title: 'rows', align: 'right' },
  { title: 'file', align: 'left' },
  { title: 'first row', align: 'right' },
  { title: 'last row', align: 'right' },
];

/** Prints how many dead letters wait, by reason and by file. */
export function listDeadLetters(queue: OpenQueue, json: boolean): void {
  const open = queue.letters.filter((letter) => !queue.isReplayed(letter));
  const replayed = queue.cluster === null ? null : queue.letters.length - open.length;
  const reasons = countByReason(open);
  const files = countByFile(open);
  const { place, others, foreign } = queue;
  if (json) {
    const object = {
      ...place,
      open: open.length,
      replayed,
      reasons,
      files,
      others: Object.fromEntries(others),
    };
    printJson({ ...object, foreign });
    return;
  }
  const done = replayed === null ? '' : `, ${count(replayed)} replayed`;
  print(`${nameOfPlace(place)}: ${counted(open.length, 'row')} to mend${done}\n`);
  if (open.length > 0) {
    const byReason = reasons.map(({ rows, stage, error, reason }) => [
      count(rows),
      stage,
      error ?? '',
      reason,
    ]);
    const byFile = files.map(({ rows, file, firstRow, lastRow }) => [
      count(rows),
      file,
      count(firstRow),
      count(lastRow),
    ]);
    print(`\n${textTable(REASON_COLUMNS, byReason)}\n${textTable(FILE_COLUMNS, byFile)}`);
  }
  tellLeftOut(queue);
}

/** What is in the queue and was not counted, with how to have it. */
export function tellLeftOut({ others, foreign }: OpenQueue): void {
  for (const [name, rows] of others) {
    console.error(`left out: ${counted(rows, 'row')} of ${name}; --connector ${name} has them`);
  }
  if (foreign > 0) console.error(`left out: ${count(foreign)} records that are no dead letters of Headrace`);
}
