import type { FeedShown, GroupShown, MemberShown, Overview } from '../rest/console/messages.ts';
import { bytes, count, duration } from '../terminal/figures.ts';
import { short, timeText } from './figures.ts';
import { Paged } from './paged.tsx';
import { StateBadge } from './state-badge.tsx';
import { TableHead } from './table-head.tsx';

const COLUMNS = ['Worker', 'Answers', 'Tasks', 'Rows/s', 'Labels', 'Name', 'Version', 'Up', 'Memory'];
const NUMBERS = ['Rows/s'];
const NOBODYS = ['Task', 'Reason'];

/** More of them are shown when somebody asks. */
const TASKS_AT_ONCE = 8;
/** Of thousands of tasks that nobody has the first tell why. */
const TASKS_ON_A_PAGE = 50;

/** Who is in the group, who leads, who has what, and what nobody has. */
export function WorkersPage({ overview: { group, feeds } }: { readonly overview: Overview }) {
  if (group === null) return <p>The worker has no group.</p>;
  const { workers } = group;
  return (
    <>
      <h2>
        Group {group.id}: {count(workers.length)} {workers.length === 1 ? 'worker' : 'workers'},{' '}
        {leadText(group)}
      </h2>
      {group.trouble !== null && (
        <p class="trouble">The coordinator of the group does not tell who is there: {group.trouble}</p>
      )}
      {workers.length > 0 && (
        <table>
          <TableHead columns={COLUMNS} numbers={NUMBERS} />
          <tbody>
            {workers.map((worker) => (
              <WorkerRow key={worker.name} worker={worker} />
            ))}
          </tbody>
        </table>
      )}
      <Nobodys feeds={feeds} />
    </>
  );
}

function leadText({ isSharingOut, workers }: GroupShown): string {
  if (isSharingOut) return 'its work is being shared out';
  const leader = workers.find(({ leads }) => leads);
  return leader === undefined ? 'nobody leads' : `led by ${leader.workerId}`;
}

function WorkerRow({ worker }: { readonly worker: MemberShown }) {
  const { workerId, url, name, isAsked, leads, labels, tasks, told, trouble } = worker;
  return (
    <tr>
      <th scope="row">
        <a href={url}>{workerId}</a> {leads && <span class="badge quiet">leads</span>}
        {isAsked && <span class="reason"> shows this page</span>}
      </th>
      <td data-label="Answers">
        <Answers worker={worker} />
        {trouble !== null && <span class="reason">{troubleText(worker)}</span>}
      </td>
      <td data-label="Tasks">
        <TaskNames tasks={tasks} />
      </td>
      <td data-label="Rows/s" class="number">
        {told === null || trouble !== null ? '' : short(told.rowsPerSecond)}
      </td>
      <td data-label="Labels">
        {Object.entries(labels)
          .map(([label, value]) => `${label}=${value}`)
          .join(', ')}
      </td>
      <td data-label="Name">{name}</td>
      <td data-label="Version">{told?.version}</td>
      <td data-label="Up">{told !== null && duration(Math.max(0, Date.now() - told.startedAt))}</td>
      <td data-label="Memory">{told !== null && bytes(told.rssBytes)}</td>
    </tr>
  );
}

function Answers({ worker: { told, trouble } }: { readonly worker: MemberShown }) {
  if (trouble !== null) return <span class="badge bad">no</span>;
  return told === null ? <span class="badge quiet">asked</span> : <span class="badge good">yes</span>;
}

function troubleText({ trouble, toldAt }: MemberShown): string {
  return `${trouble}${toldAt === null ? '' : `; it did at ${timeText(toldAt)}`}`;
}

function TaskNames({ tasks }: { readonly tasks: readonly string[] }) {
  if (tasks.length === 0) return <>none</>;
  if (tasks.length <= TASKS_AT_ONCE) return <>{tasks.join(', ')}</>;
  return (
    <details>
      <summary>{count(tasks.length)}</summary>
      {tasks.join(', ')}
    </details>
  );
}

/** Tasks that are to be with somebody, and why they are not. */
function Nobodys({ feeds }: { readonly feeds: readonly FeedShown[] }) {
  const nobodys = feeds.flatMap(({ name, tasks }) =>
    tasks.filter(({ state }) => state === 'UNASSIGNED').map((task) => ({ name, task })),
  );
  if (nobodys.length === 0) return null;
  return (
    <>
      <h2>
        {count(nobodys.length)} {nobodys.length === 1 ? 'task that nobody has' : 'tasks that nobody has'}
      </h2>
      <Paged items={nobodys} size={TASKS_ON_A_PAGE} what="tasks">
        {(shown) => (
          <table>
            <TableHead columns={NOBODYS} />
            <tbody>
              {shown.map(({ name, task: { id, state, error } }) => (
                <tr key={`${name}-${id}`}>
                  <th scope="row">
                    <a href={`#/feeds/${encodeURIComponent(name)}`}>
                      {name}-{id}
                    </a>{' '}
                    <StateBadge state={state} />
                  </th>
                  <td data-label="Reason" class="reason">
                    {error ?? 'it is between two workers'}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Paged>
    </>
  );
}
