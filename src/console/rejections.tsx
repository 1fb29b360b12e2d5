import type { FeedDetail } from '../rest/console/messages.ts';
import { count } from '../terminal/figures.ts';
import { CopiedCommand } from './copied-command.tsx';
import { timeText } from './figures.ts';
import { TableHead } from './table-head.tsx';

const COLUMNS = ['Time', 'File', 'Row', 'Line', 'By', 'Reason'];
const NUMBERS = ['Row', 'Line'];

/** The last rows that were rejected, and why. */
export function Rejections({
  rejected,
  detail,
}: {
  readonly rejected: number;
  readonly detail: FeedDetail | null;
}) {
  const rejections = detail?.rejections ?? [];
  if (rejections.length === 0) return <p>No rows were rejected since the worker began.</p>;
  return (
    <>
      <p>
        The last {count(rejections.length)} of {count(rejected)} rejected rows.
      </p>
      {detail !== null && <DeadLetters detail={detail} />}
      <table>
        <TableHead columns={COLUMNS} numbers={NUMBERS} />
        <tbody>
          {rejections.map(({ at, file, row, line, plugin, reason }) => (
            <tr key={`${file} ${row} ${at}`}>
              <td data-label="Time">{timeText(at)}</td>
              <td data-label="File">{file}</td>
              <td data-label="Row" class="number">
                {count(row)}
              </td>
              <td data-label="Line" class="number">
                {count(line)}
              </td>
              <td data-label="By">{plugin}</td>
              <td data-label="Reason">{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** How all of them are seen and sent again: the queue is the commands' to read, as a row may have to be mended first. */
function DeadLetters({ detail: { definedIn, deadLetterTopic } }: { readonly detail: FeedDetail }) {
  if (deadLetterTopic === null) return null;
  if (definedIn === null)
    return (
      <p>
        All of them, and their bytes, are in the topic <code>{deadLetterTopic}</code>:{' '}
        <CopiedCommand text={`headrace dlq show --topic ${quoted(deadLetterTopic)}`} />
      </p>
    );
  const feed = `--feed ${quoted(definedIn)}`;
  return (
    <ul class="commands" aria-label="Commands for the dead-letter queue">
      <li>
        In a terminal, with <code>--worker FILE</code> where the environment does not name the brokers:
      </li>
      <li>
        All of them, and their bytes:{' '}
        <CopiedCommand text={`headrace dlq show ${feed} --csv > rejected.csv`} />
      </li>
      <li>
        Once more through the feed: <CopiedCommand text={`headrace dlq replay ${feed}`} />
      </li>
      <li>
        Those that you mended: <CopiedCommand text={`headrace dlq replay ${feed} --mended rejected.csv`} />
      </li>
    </ul>
  );
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
