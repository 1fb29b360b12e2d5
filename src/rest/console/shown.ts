import type { Curves, FeedShown, LogLine, MemberShown, Overview } from './messages.ts';

/* What the console's page and `headrace top` make of what they are told. */

/** Curves with one more second, as long as they were. */
export function grown(curves: Curves, { feeds }: Overview): Curves {
  return Object.fromEntries(
    feeds.map(({ name, rowsPerSecond }) => {
      const before = curves[name] ?? [];
      return [name, [...before, rowsPerSecond].slice(-Math.max(1, before.length))];
    }),
  );
}

/** The feeds that need somebody first. */
export function neediestFirst(feeds: readonly FeedShown[]): readonly FeedShown[] {
  return [...feeds].sort((one, other) => Number(needsLook(other)) - Number(needsLook(one)));
}

export function needsLook(feed: FeedShown): boolean {
  return troubleOf(feed) !== null || feed.files.failed > 0 || feed.late > 0;
}

/** The connector's own failure, or that of a task. */
export function troubleOf({
  state,
  error,
  tasks,
}: FeedShown): { readonly state: string; readonly reason: string } | null {
  if (error !== null) return { state, reason: error };
  const task = tasks.find(({ state }) => state === 'FAILED') ?? tasks.find(({ error }) => error !== null);
  return task === undefined ? null : { state: task.state, reason: task.error ?? '' };
}

/** The workers of its group that do not answer: what is shown of them is what they said last. */
export function silentWorkers({ group }: Overview): readonly MemberShown[] {
  return group?.workers.filter(({ trouble }) => trouble !== null) ?? [];
}

/** So many of the newest lines, in the order of their times: those of several workers come as they answer. */
export function withLines(
  before: readonly LogLine[],
  lines: readonly LogLine[],
  most: number,
): readonly LogLine[] {
  return [...before, ...lines].sort((one, other) => one.at - other.at).slice(-most);
}

/** `name=value` of each field of a line. */
export function fieldsText({ fields }: LogLine): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}
