import { invalidConfig, type Problem } from '../../config/read/problem.ts';
import type { FeedOutline } from './feed.ts';
import { SharedFolders } from './shared-folders.ts';
import { SharedLetterFiles } from './shared-letter-files.ts';

/** Feeds that run side by side, of which there may be hundreds. */
export class SideBySide {
  readonly #folders = new SharedFolders();
  readonly #letterFiles = new SharedLetterFiles();

  constructor(feeds: Iterable<FeedOutline> = []) {
    for (const feed of feeds) this.add(feed);
  }

  /** What keeps another one from running beside them. */
  conflictsOf(feed: FeedOutline): Problem[] {
    return [...this.#folders.problemsOf(feed), ...this.#letterFiles.problemsOf(feed)];
  }

  /** @throws HeadraceError CONFIG_INVALID with every conflict, one a line. */
  require(feed: FeedOutline): void {
    const problems = this.conflictsOf(feed);
    if (problems.length > 0) throw invalidConfig(problems);
  }

  add(feed: FeedOutline): void {
    this.#folders.add(feed);
    this.#letterFiles.add(feed);
  }
}

/** Every pair of feeds that cannot run side by side. */
export function conflictsOf(feeds: readonly FeedOutline[]): Problem[] {
  const sideBySide = new SideBySide();
  return feeds.flatMap((feed) => {
    const problems = sideBySide.conflictsOf(feed);
    sideBySide.add(feed);
    return problems;
  });
}

/** @throws HeadraceError CONFIG_INVALID with every conflict, one a line. */
export function requireSideBySide(feeds: readonly FeedOutline[]): void {
  const problems = conflictsOf(feeds);
  if (problems.length > 0) throw invalidConfig(problems);
}
