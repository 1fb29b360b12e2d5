import { invalidConfig, type Problem } from '../../config/read/problem.ts';
import type { FeedOutline } from './feed.ts';
import { sharedFolders } from './shared-folders.ts';
import { sharedLetterFiles } from './shared-letter-files.ts';

/** Every pair of feeds that cannot run side by side. */
export function conflictsOf(feeds: readonly FeedOutline[]): Problem[] {
  return [...sharedFolders(feeds), ...sharedLetterFiles(feeds)];
}

/** @throws HeadraceError CONFIG_INVALID with every conflict, one a line. */
export function requireSideBySide(feeds: readonly FeedOutline[]): void {
  const problems = conflictsOf(feeds);
  if (problems.length > 0) throw invalidConfig(problems);
}
