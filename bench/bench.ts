import { contest } from './contest.ts';
import { dataSet } from './data/data-set.ts';
import type { BenchFeed } from './feeds/feed.ts';
import type { BenchOptions } from './options.ts';
import { profileTask } from './profile/profile-task.ts';
import { recordFunctionSection } from './record-function.ts';
import { feedSection } from './report/feed-section.ts';
import type { Section } from './report/section.ts';
import { sizeCheck } from './size-check.ts';
import { brokerLimit } from './targets/broker-limit.ts';
import { kafkajsFloor } from './targets/kafkajs.ts';
import { kcatKeyed, kcatRaw } from './targets/kcat.ts';
import { otherCommand } from './targets/other.ts';
import { ours, SOURCE_COMMAND } from './targets/ours.ts';
import type { Cluster } from './topics.ts';

export interface BenchSurroundings {
  readonly cluster: Cluster;
  /** The module of our command. */
  readonly main: string;
  readonly hasKcat: boolean;
  /** Words for who waits. */
  readonly tell: (words: string) => void;
}

/** Measures what the options ask for, and gives each part as soon as it is there. */
export async function* bench(
  options: BenchOptions,
  around: BenchSurroundings,
): AsyncGenerator<Section, void, undefined> {
  const { main, cluster, tell } = around;
  for (const feed of options.feeds) {
    yield await feedContest(feed, options, around);
    if (options.profile)
      yield await profileTask(
        feed,
        SOURCE_COMMAND,
        await dataSet(feed.table, rowsOf(feed, options)),
        cluster,
        tell,
      );
  }
  if (options.feeds.some(({ name }) => name === 'custom')) yield recordFunctionSection();
  if (options.sizeCheck) yield await sizeCheck(main, options.sizes, cluster);
}

async function feedContest(
  feed: BenchFeed,
  options: BenchOptions,
  around: BenchSurroundings,
): Promise<Section> {
  const { cluster, main, hasKcat, tell } = around;
  const rows = rowsOf(feed, options);
  tell(`feed ${feed.name}: ${rows} rows`);
  const data = await dataSet(feed.table, rows);
  const oneRow = await dataSet(feed.table, 1);
  const rivals =
    feed.against === undefined
      ? [
          kafkajsFloor,
          ...(hasKcat ? [kcatRaw(feed), kcatKeyed(feed)] : []),
          ...options.compare.map(otherCommand),
        ]
      : [ours({ feed: feed.against, main, name: `headrace ${feed.against.name}` })];
  const targets = [ours({ feed, main }), brokerLimit(feed), ...rivals];
  const results = await contest(targets, { data, oneRow, cluster, rounds: options.rounds, tell });
  return feedSection(feed, data, results, options.rounds);
}

function rowsOf(feed: BenchFeed, { rows }: BenchOptions): number {
  return Math.max(1, Math.round(rows * feed.share));
}
