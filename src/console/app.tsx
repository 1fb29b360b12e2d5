import { useEffect, useState } from 'preact/hooks';
import type { GroupShown, WorkerShown } from '../rest/console/messages.ts';
import { silentWorkers } from '../rest/console/shown.ts';
import { bytes, duration } from '../terminal/figures.ts';
import { FeedPage } from './feed-page.tsx';
import { FeedsTable } from './feeds-table.tsx';
import { timeText } from './figures.ts';
import { type Live, useLive } from './live.ts';
import { LogTail } from './log-tail.tsx';
import { WorkersPage } from './workers-page.tsx';

/** Where in the console somebody is; kept in the address, so that it can be sent to others. */
type Place =
  | { readonly page: 'feeds' }
  | { readonly page: 'workers' }
  | { readonly page: 'log' }
  | { readonly page: 'feed'; readonly name: string };

export function App() {
  const place = usePlace();
  const live = useLive(place.page === 'feed' ? place.name : null);
  return (
    <>
      <header>
        <h1>
          <a href="#/">Headrace</a>
        </h1>
        <Pages place={place} group={live.overview?.group ?? null} />
        {live.overview !== null && <WorkerLine worker={live.overview.worker} />}
      </header>
      <main>
        {live.lostAt !== null && (
          <p class="trouble" role="alert">
            The worker has not answered since {timeText(live.lostAt)}. What is shown is what it said last.
          </p>
        )}
        {live.overview !== null && silentWorkers(live.overview).length > 0 && (
          <SilentWorkers workers={silentWorkers(live.overview)} />
        )}
        {live.overview === null ? <p>Waiting for the worker …</p> : <Shown place={place} live={live} />}
      </main>
    </>
  );
}

function Pages({ place, group }: { readonly place: Place; readonly group: GroupShown | null }) {
  const isAt = (page: Place['page']) => (place.page === page ? 'page' : undefined);
  return (
    <nav aria-label="Pages">
      <a href="#/" aria-current={isAt('feeds')}>
        Feeds
      </a>
      {group !== null && (
        <a href="#/workers" aria-current={isAt('workers')}>
          Workers
        </a>
      )}
      <a href="#/log" aria-current={isAt('log')}>
        Log
      </a>
    </nav>
  );
}

/** What is shown is not all of it then, or not of now. */
function SilentWorkers({ workers }: { readonly workers: GroupShown['workers'] }) {
  return (
    <p class="trouble" role="status">
      {workers.map(({ workerId }) => workerId).join(', ')} {workers.length === 1 ? 'does' : 'do'} not answer.
      Figures of tasks there are what {workers.length === 1 ? 'it' : 'they'} said last:{' '}
      <a href="#/workers">workers</a>.
    </p>
  );
}

function Shown({ place, live }: { readonly place: Place; readonly live: Live }) {
  const { overview, curves, log, detail } = live;
  if (overview === null) return null;
  if (place.page === 'log') return <LogTail lines={log} />;
  if (place.page === 'workers') return <WorkersPage overview={overview} />;
  if (place.page === 'feeds') return <FeedsTable feeds={overview.feeds} curves={curves} />;
  const feed = overview.feeds.find(({ name }) => name === place.name);
  if (feed === undefined) return <p>The worker has no feed {place.name}.</p>;
  const lines = log.filter(({ connector }) => connector === place.name);
  return (
    <FeedPage
      key={feed.name}
      feed={feed}
      detail={detail?.name === feed.name ? detail : null}
      curve={curves[feed.name] ?? []}
      lines={lines}
      group={overview.group}
      barred={barredBy(live)}
    />
  );
}

/** Why nothing can be changed. */
function barredBy({ overview, lostAt }: Live): string | null {
  if (lostAt !== null) return 'the worker does not answer';
  if (overview?.worker.mayChange !== true) return 'you may read only';
  return overview.worker.isStarting ? 'the worker is still starting' : null;
}

function WorkerLine({ worker }: { readonly worker: WorkerShown }) {
  const { version, clusterId, waitingFor, startedAt, rssBytes, mayChange } = worker;
  const cluster = clusterId === null ? '' : ` · cluster ${clusterId}`;
  return (
    <p class="worker">
      {version}
      {cluster} · up {duration(Math.max(0, Date.now() - startedAt))} · {bytes(rssBytes)}
      {!mayChange && ' · read only'}
      {waitingFor !== null && <span class="trouble"> waiting for Kafka: {waitingFor}</span>}
    </p>
  );
}

function usePlace(): Place {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const onChange = () => setHash(location.hash);
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  const name = /^#\/feeds\/(.+)$/.exec(hash)?.[1];
  if (name !== undefined) return { page: 'feed', name: decodeURIComponent(name) };
  if (hash === '#/workers') return { page: 'workers' };
  return { page: hash === '#/log' ? 'log' : 'feeds' };
}
