import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import { problemLines } from '../../config/read/problem.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError, messageOf } from '../../errors.ts';
import type { FeedOutline } from '../../runtime/worker/feed.ts';
import { readFeedOutlinesEach } from '../../runtime/worker/feed-files.ts';
import type { Herder } from '../../runtime/worker/herder.ts';
import { SideBySide } from '../../runtime/worker/side-by-side.ts';

/** Editors leave others beside them, whose names end otherwise or begin with a dot. */
const FEED_FILE = /^[^.#].*\.(?:ya?ml|json)$/i;

/** What is known of a file of the folder. */
interface KnownFile {
  /** Tells one content from another. */
  readonly stamp: string;
  /** Of the feed that runs because of it; null while there is none. */
  readonly connector: string | null;
  /** Why its content does not run; the last one that was told. */
  readonly refusal: string | null;
}

type ReadFile = PromiseSettledResult<FeedOutline>;

/** Who runs beside a feed. */
interface Neighbours {
  /** By name, the file that each is in; null when it was made over REST. */
  readonly files: Map<string, string | null>;
  /** Those whose configuration can be understood. */
  readonly feeds: SideBySide;
}

export interface WatchedFeedsOptions {
  readonly folder: string;
  readonly worker: WorkerConfig;
  readonly log: Logger;
}

/** The feeds in a folder: those whose files are right run, as they were last right. */
export class WatchedFeeds {
  readonly #options: WatchedFeedsOptions;
  readonly #files = new Map<string, KnownFile>();
  #isUnreadable = false;

  constructor(options: WatchedFeedsOptions) {
    this.#options = options;
  }

  /**
   * The feeds to begin with, beside others. A file that is wrong is told, and waits until it is mended.
   *
   * @throws HeadraceError CONFIG_INVALID when the folder cannot be read
   */
  async begin(others: readonly FeedOutline[]): Promise<readonly FeedOutline[]> {
    const { folder } = this.#options;
    const stamps = await stampsIn(folder).catch((error) => {
      throw new HeadraceError(
        'CONFIG_INVALID',
        `--feeds: expected a folder of feed files: ${messageOf(error)}`,
      );
    });
    const read = await this.#read(stamps.keys());
    const feeds: FeedOutline[] = [];
    const neighbours = neighboursOf(
      others.map((feed) => ({ name: feed.config.name, file: feed.entries.origin.source, feed })),
    );
    for (const [path, stamp] of stamps) {
      const known = { stamp, connector: null, refusal: null };
      const feed = this.#understood(path, read.get(path), neighbours, known);
      if (feed === null) continue;
      feeds.push(feed);
      neighbours.files.set(feed.config.name, path);
      neighbours.feeds.add(feed);
      this.#files.set(path, { stamp, connector: feed.config.name, refusal: null });
    }
    return feeds;
  }

  /**
   * Has what the files say now. Feeds whose files have not changed are not touched.
   *
   * @param isAsked by somebody: files that have not changed are read too, as what they refer to may have
   */
  async follow(herder: Herder, isAsked = false): Promise<void> {
    const stamps = await this.#stampsOrNull();
    if (stamps === null) return;
    const gone = [...this.#files].filter(([path]) => !stamps.has(path));
    for (const [path, { connector }] of gone) {
      this.#files.delete(path);
      // Its name may be that of a connector of the group, which has taken its place.
      if (connector === null || herder.connectors.get(connector)?.file !== path) continue;
      await herder.remove(connector);
      this.#options.log.info({ file: path, connector }, 'feed removed');
    }
    const isChanged = (path: string, stamp: string) => this.#files.get(path)?.stamp !== stamp;
    const changed = [...stamps].filter(([path, stamp]) => isAsked || isChanged(path, stamp));
    await this.#takeAll(herder, changed);
    if (gone.length + changed.length > 0)
      await this.#takeRefused(herder, new Set(changed.map(([path]) => path)));
  }

  /** What was in the way of another may have gone. */
  async #takeRefused(herder: Herder, done: ReadonlySet<string>): Promise<void> {
    const refused = [...this.#files].filter(([path, { refusal }]) => refusal !== null && !done.has(path));
    await this.#takeAll(
      herder,
      refused.map(([path, { stamp }]) => [path, stamp]),
    );
  }

  #read(paths: Iterable<string>): ReturnType<typeof readFeedOutlinesEach> {
    return readFeedOutlinesEach([...paths], this.#options.worker);
  }

  async #takeAll(herder: Herder, files: readonly (readonly [path: string, stamp: string])[]): Promise<void> {
    const read = await this.#read(files.map(([path]) => path));
    for (const [path, stamp] of files) await this.#take(herder, path, stamp, read.get(path));
  }

  async #take(herder: Herder, path: string, stamp: string, read: ReadFile | undefined): Promise<void> {
    const former = this.#files.get(path);
    const known = { stamp, connector: former?.connector ?? null, refusal: former?.refusal ?? null };
    const own = known.connector;
    const neighbours = neighboursOf(
      [...herder.connectors.values()]
        .filter(({ config }) => config.name !== own)
        .map(({ config, file, feed }) => ({ name: config.name, file, feed })),
    );
    const feed = this.#understood(path, read, neighbours, known);
    if (feed === null) return;
    const { name } = feed.config;
    try {
      if (own !== null && own !== name) await herder.remove(own);
      const running = own === name ? herder.connectors.get(name)?.feed : undefined;
      this.#files.set(path, { stamp, connector: name, refusal: null });
      if (running != null && isDeepStrictEqual(running.config, feed.config)) return;
      const done = await herder.put(feed, { file: path });
      this.#options.log.info(
        { file: path, connector: name },
        `feed ${done === 'created' ? 'added' : 'changed'}`,
      );
    } catch (error) {
      if (!(error instanceof HeadraceError)) throw error;
      // It is read again with the next change, or when somebody asks for it.
      this.#refuse(path, { ...known, connector: herder.connectors.has(name) ? name : null }, [error.message]);
    }
  }

  /** The feed of a file if it can run beside its neighbours; else why not is told. */
  #understood(
    path: string,
    read: ReadFile | undefined,
    neighbours: Neighbours,
    known: KnownFile,
  ): FeedOutline | null {
    if (read === undefined) return null;
    if (read.status === 'rejected') {
      if (!(read.reason instanceof HeadraceError)) throw read.reason;
      this.#refuse(path, known, read.reason.message.split('\n'));
      return null;
    }
    const mistakes = clashesOf(read.value, path, neighbours);
    if (mistakes.length === 0) return read.value;
    this.#refuse(path, known, mistakes);
    return null;
  }

  /** Tells each mistake in a line of its own, once. */
  #refuse(path: string, known: KnownFile, mistakes: readonly string[]): void {
    const refusal = mistakes.join('\n');
    this.#files.set(path, { ...known, refusal });
    if (refusal === known.refusal) return;
    const { connector } = known;
    const running = connector === null ? {} : { connector, running: 'as before' };
    for (const reason of mistakes)
      this.#options.log.error({ file: path, ...running, reason }, 'feed refused');
  }

  /** A folder that is not there for a while takes no feed away. */
  async #stampsOrNull(): Promise<ReadonlyMap<string, string> | null> {
    const { folder, log } = this.#options;
    try {
      const stamps = await stampsIn(folder);
      this.#isUnreadable = false;
      return stamps;
    } catch (error) {
      if (!this.#isUnreadable)
        log.error({ folder, reason: messageOf(error) }, 'feeds run on: their folder cannot be read');
      this.#isUnreadable = true;
      return null;
    }
  }
}

/** The files that hold feeds, in the order of their names. */
async function stampsIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const stamps = new Map<string, string>();
  for (const name of (await readdir(folder)).filter((one) => FEED_FILE.test(one)).sort()) {
    const path = join(folder, name);
    const found = await stat(path, { bigint: true }).catch(() => null);
    if (found?.isFile()) stamps.set(path, [found.ino, found.size, found.mtimeNs, found.ctimeNs].join());
  }
  return stamps;
}

function neighboursOf(
  all: readonly { readonly name: string; readonly file: string | null; readonly feed: FeedOutline | null }[],
): Neighbours {
  return {
    files: new Map(all.map(({ name, file }) => [name, file])),
    feeds: new SideBySide(all.flatMap(({ feed }) => feed ?? [])),
  };
}

/** Why a feed cannot run beside others; the one that runs goes on. */
function clashesOf(feed: FeedOutline, path: string, { files, feeds }: Neighbours): readonly string[] {
  const { name } = feed.config;
  const other = files.get(name);
  if (other === undefined) return problemLines(feeds.conflictsOf(feed));
  const whose = other ?? 'a connector that was made over REST';
  return [`${path}: name: ${name} is the name of ${whose} already, which runs; give this feed another one`];
}
