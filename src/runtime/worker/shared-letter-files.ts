import { basename, dirname, join } from 'node:path';
import { problemAt, wholeOf } from '../../config/read/config-entry.ts';
import type { Problem } from '../../config/read/problem.ts';
import { letterFileName } from '../dead-letter-file/dead-letter-mark.ts';
import type { FeedOutline } from './feed.ts';
import { realPathOf } from './real-path.ts';

const KEY = 'errors.deadletterqueue.file';

/** Feeds that write to one dead-letter file: each would set it aside as somebody else's. */
export class SharedLetterFiles {
  readonly #writers = new Map<string, FeedOutline>();

  /** Which of those before it a feed cannot run beside. */
  problemsOf(feed: FeedOutline): Problem[] {
    for (const file of filesOf(feed)) {
      const earlier = this.#writers.get(file);
      if (earlier !== undefined) return [mistake(feed, earlier, file)];
    }
    return [];
  }

  add(feed: FeedOutline): void {
    for (const file of filesOf(feed)) if (!this.#writers.has(file)) this.#writers.set(file, feed);
  }
}

/** Every file that its tasks may write to; how many tasks there are, up to `tasks.max`, the source may decide. */
function filesOf({ config }: FeedOutline): string[] {
  const { deadLetterFile } = config.errors;
  if (deadLetterFile === null) return [];
  const ofSeveral = Array.from(
    { length: config.tasksMax > 1 ? config.tasksMax : 0 },
    (_, task) => letterFileName(deadLetterFile, task, config.tasksMax).path,
  );
  return [deadLetterFile, ...ofSeveral].map(placeOf);
}

/** A link in its place is replaced by a file, so that only its folder may have several names. */
function placeOf(file: string): string {
  return join(realPathOf(dirname(file)), basename(file));
}

function mistake(later: FeedOutline, earlier: FeedOutline, file: string): Problem {
  const { entries, origin } = later.entries;
  const [one, other] = [earlier, later].map(
    ({ config, entries }) => `${JSON.stringify(config.name)} (${entries.origin.source})`,
  );
  return problemAt(
    entries.get(KEY) ?? wholeOf(origin),
    KEY,
    `${one} and ${other} would both write to ${JSON.stringify(file)}, and each would set aside what the other has ` +
      'written; give each a file of its own',
  );
}
