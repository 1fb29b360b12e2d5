import { join, relative } from 'node:path';
import { fixedPart } from '../../../connectors/files/finishing/dated-path.ts';
import { asText, mayOverlap } from '../../../connectors/files/glob/glob-overlap.ts';
import { isWithin } from '../../../connectors/files/paths.ts';
import { problemAt } from '../../config/read/config-entry.ts';
import type { Problem } from '../../config/read/problem.ts';
import type { FeedOutline } from './feed.ts';
import { realPathOf } from './real-path.ts';

/** A feed that watches a folder, here or elsewhere. */
interface Watcher {
  readonly feed: FeedOutline;
  /** The option that names the folder. */
  readonly key: string;
  /** The real path, as far as it is there; of what is elsewhere, a path that begins with where that is. */
  readonly folder: string;
  readonly pattern: string;
  /** By option, the real folders into which files are taken, or nothing where they are deleted. */
  readonly takes: ReadonlyMap<string, string | null>;
}

type Values = Readonly<Record<string, unknown>>;

/** By connector, what is watched, and where a path is that files are moved to. */
const PLACES: Readonly<
  Record<string, (values: Values) => { key: string; folder: string; at(path: string): string }>
> = {
  directory: ({ inputPath }) => ({
    key: 'input.path',
    folder: realPathOf(String(inputPath)),
    at: realPathOf,
  }),
  sftp: ({ sftpHost, sftpPort, inputPath }) => below('input.path', `sftp/${sftpHost}:${sftpPort}`, inputPath),
  s3: ({ s3Endpoint, s3Bucket, s3Prefix }) => {
    const endpoint = encodeURIComponent(String(s3Endpoint));
    const { at, ...place } = below('s3.bucket', `s3/${endpoint}/${s3Bucket}`, s3Prefix);
    const elsewhere = (path: string) => `/s3/${endpoint}/${path.slice('s3://'.length)}`;
    return { ...place, at: (path) => (path.startsWith('s3://') ? elsewhere(path) : at(path)) };
  },
  gcs: ({ gcsEndpoint, gcsBucket, gcsPrefix }) =>
    below('gcs.bucket', `gcs/${encodeURIComponent(String(gcsEndpoint))}/${gcsBucket}`, gcsPrefix),
  'azure-blob': ({ azureEndpoint, azureAccount, azureContainer, azurePrefix }) =>
    below(
      'azure.container',
      `az/${encodeURIComponent(`${azureEndpoint} ${azureAccount}`)}/${azureContainer}`,
      azurePrefix,
    ),
};

function below(key: string, root: string, path: unknown) {
  const at = (text: string) => join('/', root, text);
  return { key, folder: at(typeof path === 'string' ? path : ''), at };
}

/**
 * Feeds of which one takes files away that another is to read: which of them gets a file would be chance. A file that
 * one has finished may be another's to read, as a chain; but not in a circle.
 */
export class SharedFolders {
  readonly #watchers: Watcher[] = [];

  /** Which of those before it a feed cannot run beside. */
  problemsOf(feed: FeedOutline): Problem[] {
    return watcherOf(feed).flatMap((later) =>
      this.#watchers.flatMap((earlier) => problemOf(earlier, later) ?? []),
    );
  }

  add(feed: FeedOutline): void {
    this.#watchers.push(...watcherOf(feed));
  }
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
  if (!isWithin(other.folder, one.folder)) return false;
  const isPutAway = [...one.takes.values()].some(
    (target) => target !== null && isWithin(other.folder, target),
  );
  return !isPutAway;
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

function watcherOf(feed: FeedOutline): Watcher[] {
  const values = feed.config.source.values as Values;
  const place = PLACES[feed.config.source.plugin.name]?.(values);
  if (place === undefined) return [];
  const { finishedPath, finishedDelete, errorPath } = values;
  const takes = new Map<string, string | null>();
  if (typeof finishedPath === 'string') takes.set('finished.path', place.at(fixedPart(finishedPath)));
  if (finishedDelete === true) takes.set('finished.delete', null);
  if (typeof errorPath === 'string') takes.set('error.path', place.at(fixedPart(errorPath)));
  return [{ feed, key: place.key, folder: place.folder, pattern: String(values.inputFilePattern), takes }];
}

function mistake({ feed, key }: Watcher, message: string): Problem {
  const { entries, origin } = feed.entries;
  const entry = entries.get(key);
  if (entry !== undefined) return problemAt(entry, key, message);
  return { file: origin.source, line: null, column: null, key, message };
}

function quoted({ feed, key }: Watcher): string {
  return `${key} of ${JSON.stringify(feed.config.name)} (${feed.entries.origin.source})`;
}
