import type { ReplayResult } from '../../dead-letters/replay.ts';
import { count, counted, duration } from '../../terminal/figures.ts';
import { printable } from '../../terminal/text.ts';
import { type Column, textTable } from '../../terminal/text-table.ts';

/** Dead letters that were not sent. */
export interface LeftOut {
  /** Replayed before. */
  readonly replayed: number;
  /** Cut off by the topic, and not mended. */
  readonly cut: number;
  /** Written without the bytes of their rows, and not mended. */
  readonly rowless: number;
}

const TOPIC_COLUMNS: readonly Column[] = [
  { title: 'records', align: 'right' },
  { title: 'topic', align: 'left' },
];

/** What a person wants to know of a replay. */
export function replaySummary(result: ReplayResult, { replayed, cut, rowless }: LeftOut): string {
  const { job, rows, produced, filtered, rejected, durationMs, topics, examples, deadLetters } = result;
  if (rows === 0 && cut === 0 && rowless === 0 && result.state === 'COMPLETED') {
    return replayed === 0
      ? `${job}: there is nothing to replay\n`
      : `${job}: there is nothing to replay; replayed before: ${counted(replayed, 'row')}\n`;
  }
  const parts = [
    `${job}: ${counted(rows, 'row')} replayed = ${count(produced)} produced + ${count(filtered)} filtered + ${count(rejected)} rejected again, in ${duration(durationMs)}\n`,
  ];
  if (replayed > 0) parts.push(`replayed before: ${counted(replayed, 'row')}\n`);
  if (cut > 0) parts.push(`cut off, and to be mended first: ${counted(cut, 'row')}\n`);
  if (rowless > 0) {
    parts.push(
      `without the bytes of their rows (errors.deadletterqueue.value was record or none), and not sent: ${counted(rowless, 'row')}; ` +
        'mend them in their files and drop these again, or give the rows in the column record with --mended\n',
    );
  }
  const table = Object.entries(topics).map(([topic, records]) => [count(records), topic]);
  if (table.length > 0) parts.push('\n', textTable(TOPIC_COLUMNS, table));
  if (rejected > 0) parts.push('\n', `rejected again, and in ${deadLetters.join(', ')}:\n`);
  for (const { file, row, reason } of examples)
    parts.push(`  ${printable(`${file} row ${row}: ${reason}`)}\n`);
  if (rejected > examples.length) parts.push(`  and ${count(rejected - examples.length)} more\n`);
  return parts.join('');
}
