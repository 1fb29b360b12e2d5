import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { FeedDetail, FeedShown, GroupShown, LogLine } from '../rest/console/messages.ts';
import { count } from '../terminal/figures.ts';
import { type Command, CommandButton } from './commands.tsx';
import { ConfigTable } from './config-table.tsx';
import { Curve } from './curve.tsx';
import { ExpectedFiles } from './expected-files.tsx';
import { waitingText } from './feeds-table.tsx';
import { short } from './figures.ts';
import { FilesTable } from './files-table.tsx';
import { LogTail } from './log-tail.tsx';
import { Pipeline } from './pipeline.tsx';
import { RecordTap } from './record-tap.tsx';
import { Rejections } from './rejections.tsx';
import { StateBadge } from './state-badge.tsx';
import { TasksTable } from './tasks-table.tsx';

interface FeedPageProps {
  readonly feed: FeedShown;
  /** null until the worker has told it. */
  readonly detail: FeedDetail | null;
  readonly curve: readonly number[];
  readonly lines: readonly LogLine[];
  /** null where the worker has none. */
  readonly group: GroupShown | null;
  readonly barred: string | null;
}

const TABS = ['Files', 'Tasks', 'Expected', 'Rejected rows', 'Records', 'Configuration', 'Log'] as const;

export function FeedPage(props: FeedPageProps) {
  const [tab, setTab] = useState<(typeof TABS)[number]>('Files');
  const { feed, detail, curve, group, barred } = props;
  return (
    <article>
      <div class="title">
        <h2>{feed.name}</h2>
        <StateBadge state={feed.state} />
        <Commands feed={feed} barred={barred} />
      </div>
      <Troubles feed={feed} barred={barred} />
      <Figures feed={feed} />
      <Curve values={curve} width={600} height={64} label={`Rows per second of ${feed.name}`} />
      {detail !== null && <Pipeline feed={feed} detail={detail} group={group} />}
      <div class="tabs" role="tablist" aria-label={`Of ${feed.name}`}>
        {TABS.filter((name) => name !== 'Tasks' || group !== null).map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={idOf(name)}
            aria-selected={tab === name}
            aria-controls="tab"
            onClick={() => setTab(name)}
          >
            {name}
          </button>
        ))}
      </div>
      <div id="tab" role="tabpanel" aria-labelledby={idOf(tab)}>
        <Tab tab={tab} {...props} />
      </div>
    </article>
  );
}

function idOf(tab: string): string {
  return `tab-${tab.toLowerCase().replaceAll(' ', '-')}`;
}

function Tab({
  tab,
  feed,
  detail,
  lines,
  group,
  barred,
}: FeedPageProps & { readonly tab: (typeof TABS)[number] }) {
  switch (tab) {
    case 'Tasks':
      return group === null ? null : <TasksTable tasks={feed.tasks} group={group} />;
    case 'Files':
      return <FilesTable feed={feed} barred={barred} />;
    case 'Expected':
      return <ExpectedFiles detail={detail} />;
    case 'Records':
      return <RecordTap name={feed.name} stages={detail?.tapStages ?? []} />;
    case 'Rejected rows':
      return <Rejections rejected={feed.rows.rejected} detail={detail} />;
    case 'Configuration':
      return <ConfigTable name={feed.name} definedIn={detail?.definedIn ?? null} />;
    case 'Log':
      return <LogTail lines={lines} />;
  }
}

function Commands({ feed: { name, state }, barred }: Pick<FeedPageProps, 'feed' | 'barred'>) {
  const path = `/connectors/${encodeURIComponent(name)}`;
  const pause: Command = {
    label: 'Pause',
    question: `Pause ${name}? Its tasks commit what they have and wait.`,
    ...{ method: 'PUT', path: `${path}/pause` },
  };
  const resume: Command = {
    label: 'Resume',
    question: `Resume ${name}? It goes on where it was.`,
    ...{ method: 'PUT', path: `${path}/resume` },
  };
  const restart: Command = {
    label: 'Restart',
    question: `Restart ${name} and all its tasks? They commit what they have and begin once more.`,
    ...{ method: 'POST', path: `${path}/restart?includeTasks=true` },
  };
  const isHeld = state === 'PAUSED' || state === 'STOPPED';
  return (
    <div class="actions">
      <CommandButton command={isHeld ? resume : pause} barred={barred} />
      <CommandButton command={restart} barred={barred ?? (isHeld ? `it is ${state}` : null)} />
    </div>
  );
}

/** The connector's own, and those of its tasks, each with another try. */
function Troubles({ feed: { name, error, tasks }, barred }: Pick<FeedPageProps, 'feed' | 'barred'>) {
  const retry = (id: number): Command => ({
    label: 'Try again',
    question: `Begin task ${id} of ${name} once more?`,
    ...{ method: 'POST', path: `/connectors/${encodeURIComponent(name)}/tasks/${id}/restart` },
  });
  return (
    <>
      {error !== null && <p class="trouble">{error}</p>}
      {tasks.map(
        ({ id, state, error }) =>
          error !== null && (
            <p key={id} class="trouble">
              Task {id} is {state}: {error}{' '}
              {state === 'FAILED' && <CommandButton command={retry(id)} barred={barred} />}
            </p>
          ),
      )}
    </>
  );
}

function Figures({ feed }: { readonly feed: FeedShown }) {
  const { rowsPerSecond, rows, files, late } = feed;
  return (
    <dl class="figures">
      <Figure name="Rows/s">{short(rowsPerSecond)}</Figure>
      <Figure name="Rows read">{count(rows.read)}</Figure>
      <Figure name="Rejected">{count(rows.rejected)}</Figure>
      <Figure name="Waiting">{waitingText(feed)}</Figure>
      <Figure name="Failed files">{count(files.failed)}</Figure>
      {late > 0 && <Figure name="Expected and late">{count(late)}</Figure>}
    </dl>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
