import type { GroupShown, MemberShown } from '../../rest/console/messages.ts';
import { bytes, count, counted, duration } from '../../terminal/figures.ts';
import { type Column, textTable } from '../../terminal/text-table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'worker', align: 'left' },
  { title: 'answers', align: 'left' },
  { title: 'leads', align: 'left' },
  { title: 'tasks', align: 'right' },
  { title: 'rows/s', align: 'right' },
  { title: 'up', align: 'right' },
  { title: 'memory', align: 'right' },
  { title: 'version', align: 'left' },
  { title: 'labels', align: 'left' },
];

/** The workers of a group, as the one that was asked tells of them; nothing of a group of one with which all is well. */
export function groupText(group: GroupShown, nowMs: number): string {
  const { id, workers, trouble } = group;
  if (workers.length <= 1 && trouble === null) return '';
  const head = `\ngroup ${id}: ${counted(workers.length, 'worker')}, ${leadText(group)}\n`;
  const unknown = trouble === null ? '' : `its coordinator does not tell who is there: ${trouble}\n`;
  return `${head}${unknown}\n${textTable(
    COLUMNS,
    workers.map((worker) => rowOf(worker, nowMs)),
  )}`;
}

/** Whether a worker of it does not answer, or it is not known who is in it. */
export function hasSilent(group: GroupShown | null): boolean {
  return group !== null && (group.trouble !== null || group.workers.some(({ trouble }) => trouble !== null));
}

function leadText({ isSharingOut, workers }: GroupShown): string {
  if (isSharingOut) return 'its work is being shared out';
  const leader = workers.find(({ leads }) => leads);
  return leader === undefined ? 'nobody leads' : `led by ${leader.workerId}`;
}

function rowOf({ workerId, leads, tasks, labels, told, trouble }: MemberShown, nowMs: number): string[] {
  const figures =
    told === null
      ? ['', '', '', '']
      : [
          trouble === null ? count(told.rowsPerSecond) : '',
          duration(Math.max(0, nowMs - told.startedAt)),
          bytes(told.rssBytes),
          told.version,
        ];
  return [
    workerId,
    trouble === null ? 'yes' : `no: ${trouble}`,
    leads ? 'leads' : '',
    count(tasks.length),
    ...figures,
    Object.entries(labels)
      .map(([label, value]) => `${label}=${value}`)
      .join(', '),
  ];
}
