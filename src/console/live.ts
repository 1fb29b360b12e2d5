import { useEffect, useState } from 'preact/hooks';
import type { ConsoleEvents, FeedDetail, LogLine, Overview } from '../rest/console/messages.ts';
import { grown, withLines } from '../rest/console/shown.ts';

/** What the page keeps of the log. */
const MOST_LINES = 500;

export interface Live {
  /** null until the worker has told it. */
  readonly overview: Overview | null;
  /** Rows of each of the last seconds, by feed. */
  readonly curves: Readonly<Record<string, readonly number[]>>;
  readonly log: readonly LogLine[];
  readonly detail: FeedDetail | null;
  /** Since when the worker does not answer, in milliseconds since 1970; null while it does. */
  readonly lostAt: number | null;
}

const NOTHING: Live = { overview: null, curves: {}, log: [], detail: null, lostAt: null };

/** What the worker tells, as it tells it. Whoever is cut off is connected again by the browser. */
export function useLive(feed: string | null): Live {
  const [live, setLive] = useState(NOTHING);
  useEffect(() => {
    const query = feed === null ? '' : `?feed=${encodeURIComponent(feed)}`;
    const source = new EventSource(`/console/events${query}`);
    const on = <N extends keyof ConsoleEvents>(name: N, take: (live: Live, data: ConsoleEvents[N]) => Live) =>
      source.addEventListener(name, ({ data }) => setLive((before) => take(before, JSON.parse(data))));
    setLive((before) => ({ ...before, log: [], detail: null }));
    source.addEventListener('open', () => setLive((before) => ({ ...before, log: [], lostAt: null })));
    source.addEventListener('error', () =>
      setLive((before) => ({ ...before, lostAt: before.lostAt ?? Date.now() })),
    );
    on('curves', (before, curves) => ({ ...before, curves }));
    on('overview', (before, overview) => ({ ...before, overview, curves: grown(before.curves, overview) }));
    on('log', (before, lines) => ({ ...before, log: withLines(before.log, lines, MOST_LINES) }));
    on('feed', (before, detail) => ({ ...before, detail }));
    return () => source.close();
  }, [feed]);
  return live;
}
