import { relative } from 'node:path';
import { asText, mayOverlap } from '../../../connectors/files/glob/glob-overlap.ts';
import { isWithin } from '../../../connectors/files/paths.ts';
import { problemAt } from '../../config/read/config-entry.ts';
import type { Problem } from '../../config/read/problem.ts';
import type { Feed } from './feed.ts';
import { realPathOf } from './real-path.ts';

/** A feed that watches a folder. */
interface Watcher {
  readonly feed: Feed;
  /** The real path, as far as it is there. */
  readonly folder: string;
  readonly pattern: string;
  /** By option, the real folders into which files are taken, or nothing where they are deleted. */
  readonly takes: ReadonlyMap<string, string | null>;
}

/**
 * Feeds of which one takes files away that another is to read: which of them gets a file would be chance. A file that
 * one has finished may be another's to read, as a chain; but not in a circle.
 */
export function sharedFolders(feeds: readonly Feed[]): Problem[] {
  const watchers = feeds.filter(({ config }) => config.source.plugin.name === 'directory').map(watcherOf);
  return watchers.flatMap((later, index) =>
    watchers.slice(0, index).flatMap((earlier) => problemOf(earlier, later) ?? []),
  );
}

function problemOf(earlier: Watcher, later: Watcher): Problem | null {
  const [taker, loser] = earlier.takes.size > 0 ? [earlier, later] : [later, earlier];
  if (
    (readsBelow(taker, loser) || readsBelow(loser, taker)) &&
    taker.takes.size > 0 &&
    mayOverlap(...patternsFrom(taker, loser))
  ) {
    const keys = [...taker.takes.keys()].join(' and ');
    return mistake(
      later,
      `${quoted(loser)} and ${quoted(taker)} may both match a file in ${JSON.stringify(loser.folder)}, which the ` +
        `latter takes away (${keys}): which of the two reads it would be chance; give each a folder of its own, or an ` +
        "input.file.pattern that no file of the other matches ('trades_*.csv' and 'quotes_*.csv')",
    );
  }
  if (feeds(earlier, later) && feeds(later, earlier)) {
    return mistake(
      later,
      `${quoted(earlier)} puts finished files into the folder of ${quoted(later)}, and that back again: they would go ` +
        'round for ever; have one of them put its files elsewhere',
    );
  }
  return null;
}

/** Whether one looks into the folder of the other; it does not into those where it puts files itself. */
function readsBelow(one: Watcher, other: Watcher): boolean {
  const isPutAway = [...one.takes.values()].some(
    (target) => target !== null && isWithin(other.folder, target),
  );
  return isWithin(other.folder, one.folder) && !isPutAway;
}

/** Whether the one puts what it has finished where the other reads. */
function feeds(one: Watcher, other: Watcher): boolean {
  const target = one.takes.get('finished.path');
  return typeof target === 'string' && isWithin(target, other.folder);
}

/** Both patterns for paths below the upper one of the two folders. */
function patternsFrom(one: Watcher, other: Watcher): [string, string] {
  const upper = isWithin(one.folder, other.folder) ? other.folder : one.folder;
  const [first, second] = [one, other].map(({ folder, pattern }) => {
    const below = asText(relative(upper, folder));
    const path = pattern.includes('/') ? pattern : `**/${pattern}`;
    return below === '' || pattern.startsWith('!') ? path : `${below}/${path}`;
  });
  return [first ?? '', second ?? ''];
}

function watcherOf(feed: Feed): Watcher {
  const values = feed.config.source.values as Readonly<Record<string, unknown>>;
  const { finishedPath, finishedDelete, errorPath } = values;
  const takes = new Map<string, string | null>();
  if (typeof finishedPath === 'string') takes.set('finished.path', realPathOf(finishedPath));
  if (finishedDelete === true) takes.set('finished.delete', null);
  if (typeof errorPath === 'string') takes.set('error.path', realPathOf(errorPath));
  return {
    feed,
    folder: realPathOf(String(values.inputPath)),
    pattern: String(values.inputFilePattern),
    takes,
  };
}

function mistake({ feed }: Watcher, message: string): Problem {
  const { entries, origin } = feed.entries;
  const entry = entries.get('input.path');
  if (entry !== undefined) return problemAt(entry, 'input.path', message);
  return { file: origin.source, line: null, column: null, key: 'input.path', message };
}

function quoted({ feed }: Watcher): string {
  return `input.path of ${JSON.stringify(feed.config.name)} (${feed.entries.origin.source})`;
}
