import type { FeedDetail } from '../rest/console/messages.ts';
import { count } from '../terminal/figures.ts';
import { dateText } from './figures.ts';
import { StateBadge } from './state-badge.tsx';
import { TableHead } from './table-head.tsx';

const COLUMNS = ['Day', 'By', 'State', 'Expected', 'Came', 'Too small'];
const NUMBERS = ['Expected', 'Came'];

/** The days whose files the feed was promised: those that are late, and the next one. */
export function ExpectedFiles({ detail }: { readonly detail: FeedDetail | null }) {
  if (detail?.isExpecting === false)
    return (
      <p>
        No files are expected by a time. <code>expect.by</code> in the feed says by when they must be there.
      </p>
    );
  const expected = detail?.expected ?? null;
  if (expected === null) return <p>It is being found out which files are expected …</p>;
  return (
    <>
      <p>Files are to be there by {expected.by}.</p>
      <table>
        <TableHead columns={COLUMNS} numbers={NUMBERS} />
        <tbody>
          {expected.days.map(({ day, at, state, pattern, files, came, tooSmall }) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              <td data-label="By">{dateText(at)}</td>
              <td data-label="State">
                <StateBadge state={state} />
              </td>
              <td data-label="Expected" class="number">
                {count(files)} {pattern}
              </td>
              <td data-label="Came" class="number">
                {count(came)}
              </td>
              <td data-label="Too small">{tooSmall.map(({ file }) => file).join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
