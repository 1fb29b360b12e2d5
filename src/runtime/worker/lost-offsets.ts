import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import type { ConnectorClaim } from '../../offsets/connector-claims.ts';
import type { OffsetsTopic } from './internal-topics.ts';

export interface CountedConnector {
  readonly name: string;
  /** How many files its source would read if none were delivered; null when it cannot tell. */
  readonly filesThere: () => Promise<number | null>;
}

/**
 * Throws OFFSETS_LOST when the offset topic is not the one in which a connector had its offsets when it was started
 * last. A worker whose offset topic has another name was told to begin anew.
 */
export async function requireSameOffsets(
  worker: WorkerConfig,
  { name, filesThere }: CountedConnector,
  former: Pick<ConnectorClaim, 'offsetsTopic' | 'offsetsTopicId'>,
  offsets: OffsetsTopic | null,
): Promise<void> {
  if (former.offsetsTopic !== worker.offsetStorageTopic) return;
  const isKnown = former.offsetsTopicId !== null && (offsets === null || offsets.id !== null);
  if (offsets !== null && (!isKnown || offsets.id === former.offsetsTopicId)) return;
  throw offsetsLost(worker, name, offsets === null, await filesThere());
}

function offsetsLost(
  { offsetStorageTopic: topic }: WorkerConfig,
  connector: string,
  isMissing: boolean,
  files: number | null,
): HeadraceError {
  const what = isMissing ? 'does not exist any more' : 'was deleted and made anew';
  const there =
    files === null ? '' : `, of ${files === 1 ? '1 file that is' : `${files} files that are`} there now`;
  return new HeadraceError(
    'OFFSETS_LOST',
    `The topic "${topic}" of offset.storage.topic ${what} since ${connector} was last started, and with it how far each ` +
      `file is delivered. Going on would deliver once more whatever is still in place and was delivered before${there}. ` +
      'Restore the topic; or take away what was delivered. Then, or if all of it is to be loaded again, allow it: ' +
      `headrace offsets reset ${connector}`,
  );
}
