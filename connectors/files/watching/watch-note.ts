import type { EarlierSighting } from './settling.ts';
import type { ToldMemory } from './wanted-files.ts';

/** What a task that watches, and who looks out for it while it sleeps, leave each other. Plain data. */
export interface WatchNote {
  /** Of the listing in which there was nothing to do. */
  readonly digest: string;
  readonly told: ToldMemory;
  /** Since when files are as they are, so that a sleep is no loss of time for those that must be quiet. */
  readonly sightings: readonly EarlierSighting[];
}
