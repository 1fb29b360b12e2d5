import type { FeedShown } from '../rest/console/messages.ts';
import { neediestFirst, troubleOf } from '../rest/console/shown.ts';
import { bytes, count, duration } from '../terminal/figures.ts';
import { Curve } from './curve.tsx';
import { short } from './figures.ts';
import type { Live } from './live.ts';
import { Paged } from './paged.tsx';
import { StateBadge } from './state-badge.tsx';
import { TableHead } from './table-head.tsx';

const COLUMNS = [
  'Feed',
  'State',
  'Rows/s',
  'Last two minutes',
  'Rows',
  'Rejected',
  'Waiting',
  'Failed files',
];
const NUMBERS = ['Rows/s', 'Rows', 'Rejected', 'Failed files'];

/** Of 500 feeds nobody sees more at once. */
const FEEDS_ON_A_PAGE = 100;

/** All feeds of the worker, those that need somebody first. */
export function FeedsTable({
  feeds,
  curves,
}: {
  readonly feeds: readonly FeedShown[];
  readonly curves: Live['curves'];
}) {
  if (feeds.length === 0) return <p>The worker has no feeds yet.</p>;
  return (
    <Paged items={neediestFirst(feeds)} size={FEEDS_ON_A_PAGE} what="feeds">
      {(shown) => (
        <table class="feeds">
          <TableHead columns={COLUMNS} numbers={NUMBERS} />
          <tbody>
            {shown.map((feed) => (
              <FeedRow key={feed.name} feed={feed} curve={curves[feed.name] ?? []} />
            ))}
          </tbody>
        </table>
      )}
    </Paged>
  );
}

function FeedRow({ feed, curve }: { readonly feed: FeedShown; readonly curve: readonly number[] }) {
  const { name, state, rows, rowsPerSecond, files, late } = feed;
  const trouble = troubleOf(feed);
  return (
    <tr>
      <th scope="row">
        <a href={`#/feeds/${encodeURIComponent(name)}`}>{name}</a>
      </th>
      <td data-label="State">
        <StateBadge state={trouble === null ? state : trouble.state} />
        {trouble !== null && <span class="reason">{trouble.reason}</span>}
        {late > 0 && <span class="badge bad">{count(late)} late</span>}
      </td>
      <td data-label="Rows/s" class="number">
        {short(rowsPerSecond)}
      </td>
      <td data-label="Last two minutes">
        <Curve values={curve} width={120} height={24} label={`Rows per second of ${name}`} />
      </td>
      <td data-label="Rows" class="number">
        {count(rows.read)}
      </td>
      <td data-label="Rejected" class={rows.rejected > 0 ? 'number bad' : 'number'}>
        {count(rows.rejected)}
      </td>
      <td data-label="Waiting">{waitingText(feed)}</td>
      <td data-label="Failed files" class={files.failed > 0 ? 'number bad' : 'number'}>
        {count(files.failed)}
      </td>
    </tr>
  );
}

export function waitingText({ files }: FeedShown): string {
  const { waiting, waitingBytes, oldestWaiting } = files;
  if (waiting === 0) return 'none';
  const since =
    oldestWaiting === null ? '' : `, oldest ${duration(Math.max(0, Date.now() - Date.parse(oldestWaiting)))}`;
  return `${count(waiting)} ${waiting === 1 ? 'file' : 'files'}, ${bytes(waitingBytes)}${since}`;
}
