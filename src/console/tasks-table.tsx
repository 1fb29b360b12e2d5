import type { GroupShown, TaskShown } from '../rest/console/messages.ts';
import { Paged } from './paged.tsx';
import { StateBadge } from './state-badge.tsx';
import { TableHead } from './table-head.tsx';

const COLUMNS = ['Task', 'State', 'Worker', 'Reason'];
const TASKS_ON_A_PAGE = 50;

interface TasksTableProps {
  readonly tasks: readonly TaskShown[];
  readonly group: GroupShown;
}

/** Which worker of the group runs which task of a feed, and why nobody does. */
export function TasksTable({ tasks, group }: TasksTableProps) {
  if (tasks.length === 0) return <p>It has no tasks.</p>;
  const silent = new Set(
    group.workers.filter(({ trouble }) => trouble !== null).map(({ workerId }) => workerId),
  );
  return (
    <Paged items={tasks} size={TASKS_ON_A_PAGE} what="tasks">
      {(shown) => (
        <table>
          <TableHead columns={COLUMNS} />
          <tbody>
            {shown.map(({ id, state, workerId, error }) => (
              <tr key={id}>
                <th scope="row">{id}</th>
                <td data-label="State">
                  <StateBadge state={state} />
                </td>
                <td data-label="Worker">
                  {state === 'UNASSIGNED' ? 'nobody' : workerId}{' '}
                  {state !== 'UNASSIGNED' && silent.has(workerId) && (
                    <span class="badge bad">does not answer</span>
                  )}
                </td>
                <td data-label="Reason" class="reason">
                  {error}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Paged>
  );
}
