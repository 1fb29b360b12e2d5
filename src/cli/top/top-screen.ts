import type { FeedShown, LogLine, Overview } from '../../rest/console/messages.ts';
import { fieldsText, neediestFirst, needsLook, silentWorkers, troubleOf } from '../../rest/console/shown.ts';
import { bytes, count, counted, duration } from '../../terminal/figures.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { cut, printable } from '../../terminal/text.ts';
import { type Column, textTable } from '../../terminal/text-table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'feed', align: 'left' },
  { title: 'state', align: 'left' },
  { title: 'rows/s', align: 'right' },
  { title: 'last 20 s', align: 'left' },
  { title: 'rows', align: 'right' },
  { title: 'rejected', align: 'right' },
  { title: 'waiting', align: 'right' },
  { title: 'oldest', align: 'right' },
  { title: 'failed', align: 'right' },
  { title: 'late', align: 'right' },
];
const CURVE_WIDTH = 20;
const BARS = [...' ▁▂▃▄▅▆▇█'];
/** Of the log. */
const MOST_LINES = 6;

/** What is drawn. */
export interface Shown {
  readonly overview: Overview;
  readonly curves: Readonly<Record<string, readonly number[]>>;
  readonly log: readonly LogLine[];
}

/** The table alone, of all feeds. */
export function topTable({ overview, curves }: Omit<Shown, 'log'>, nowMs: number): string {
  return textTable(
    COLUMNS,
    neediestFirst(overview.feeds).map((feed) => cellsOf(feed, curves[feed.name] ?? [], nowMs)),
  );
}

/** Lines that fill a screen of so many rows at most: the worker, its feeds, and the end of its log. */
export function topScreen(shown: Shown, { width, paint }: Terminal, rows: number, nowMs: number): string[] {
  const { feeds, worker } = shown.overview;
  const log = shown.log.slice(-MOST_LINES).map((line) => logText(line));
  const [titles = '', ...lines] = topTable(shown, nowMs).trimEnd().split('\n');
  const silent = silentWorkers(shown.overview).map(
    ({ workerId, trouble }) => `${workerId} does not answer: ${trouble}`,
  );
  const room = Math.max(1, rows - log.length - silent.length - 4);
  const hidden = lines.length > room ? lines.length - room + 1 : 0;
  const order = neediestFirst(feeds);
  return [
    paint('bold', cut(workerText(shown, nowMs), width)),
    ...silent.map((line) => paint('red', cut(printable(line), width))),
    paint('dim', cut(titles, width)),
    ...lines
      .slice(0, lines.length - hidden)
      .map((line, index) =>
        needsLook(order[index] as FeedShown) ? paint('red', cut(line, width)) : cut(line, width),
      ),
    ...(hidden > 0 ? [paint('dim', `and ${count(hidden)} more of ${count(feeds.length)} feeds`)] : []),
    ...(worker.waitingFor === null
      ? []
      : [paint('yellow', cut(`waiting for Kafka: ${worker.waitingFor}`, width))]),
    '',
    ...log.map((line) => paint('dim', cut(line, width))),
  ];
}

function cellsOf(feed: FeedShown, curve: readonly number[], nowMs: number) {
  const { name, state, rowsPerSecond, rows, files, late } = feed;
  const { waiting, oldestWaiting, failed } = files;
  const age = oldestWaiting === null ? '' : duration(Math.max(0, nowMs - Date.parse(oldestWaiting)));
  return [
    ...[
      name,
      troubleOf(feed)?.state ?? state,
      count(rowsPerSecond),
      bars(curve),
      count(rows.read),
      count(rows.rejected),
    ],
    ...[count(waiting), age, count(failed), late === 0 ? '' : count(late)],
  ];
}

function bars(curve: readonly number[]): string {
  const last = curve.slice(-CURVE_WIDTH);
  const most = Math.max(1, ...last);
  return last.map((rows) => BARS[Math.ceil((rows / most) * (BARS.length - 1))]).join('');
}

function workerText({ overview: { worker, group, feeds } }: Shown, nowMs: number): string {
  const { version, clusterId, startedAt, rssBytes } = worker;
  const rate = feeds.reduce((sum, { rowsPerSecond }) => sum + rowsPerSecond, 0);
  const cluster = clusterId === null ? '' : ` · cluster ${clusterId}`;
  const workers =
    (group?.workers.length ?? 0) > 1 ? ` · ${counted(group?.workers.length ?? 0, 'worker')}` : '';
  const up = duration(Math.max(0, nowMs - startedAt));
  return printable(
    `headrace ${version}${cluster}${workers} · up ${up} · ${bytes(rssBytes)} · ${count(rate)} rows/s · q ends`,
  );
}

function logText(line: LogLine): string {
  const { at, level, message, connector, workerId } = line;
  const time = new Date(at).toTimeString().slice(0, 8);
  return printable([time, level, message, connector ?? '', workerId ?? '', fieldsText(line)].join(' '));
}
