import type { FeedDetail } from '../rest/console/messages.ts';
import { count } from '../terminal/figures.ts';
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
        The last {count(rejections.length)} of {count(rejected)} rejected rows.{' '}
        {detail?.deadLetterTopic !== null && (
          <>
            All of them, and their bytes: <code>headrace dlq list</code>; once mended:{' '}
            <code>headrace dlq replay</code>.
          </>
        )}
      </p>
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
