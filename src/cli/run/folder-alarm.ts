import { watch } from 'chokidar';

/** Editors write in several steps: it is over when nothing has happened for so long. */
const SETTLE_MS = 200;
/** One who never ceases to write is not waited for any longer. */
const MOST_SETTLE_MS = 2_000;
/** What watching misses, as on a network's disk, is seen so much later. */
const LOOK_MS = 5_000;

/** Calls after something has happened in a folder, and from time to time. Gives what ends it. */
export function alarmAt(folder: string, onChange: () => void): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let since: number | null = null;
  const ring = () => {
    since = null;
    onChange();
  };
  const wind = () => {
    const now = performance.now();
    since ??= now;
    clearTimeout(timer);
    timer = setTimeout(ring, Math.min(SETTLE_MS, since + MOST_SETTLE_MS - now));
  };
  const watcher = watch(folder, { ignoreInitial: true, depth: 0, ignored: (path) => path !== folder });
  // It only helps: what it cannot do is done by looking.
  watcher.on('raw', wind).on('error', () => {});
  const looks = setInterval(wind, LOOK_MS);
  return async () => {
    clearInterval(looks);
    clearTimeout(timer);
    await watcher.close();
  };
}
