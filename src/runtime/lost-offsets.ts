import type { WorkerConfig } from '../config/worker-config.ts';
import { HeadraceError } from '../errors.ts';
import type { ConnectorClaim } from '../storage/connector-claims.ts';
import type { OffsetsTopic } from './kafka-access.ts';

/**
 * Throws OFFSETS_LOST when the offset topic is not the one in which a connector had its offsets when it was started
 * last. A worker whose offset topic has another name was told to begin anew.
 *
 * @param filesThere how many files its source finds now; null where that is not known
 */
export function requireSameOffsets(
  worker: WorkerConfig,
  connector: string,
  former: Pick<ConnectorClaim, 'offsetsTopic' | 'offsetsTopicId'>,
  offsets: OffsetsTopic | null,
  filesThere: number | null = null,
): void {
  if (former.offsetsTopic !== worker.offsetStorageTopic) return;
  const isKnown = former.offsetsTopicId !== null && (offsets === null || offsets.id !== null);
  if (offsets !== null && (!isKnown || offsets.id === former.offsetsTopicId)) return;
  throw offsetsLost(worker, connector, offsets === null, filesThere);
}

function offsetsLost(
  { offsetStorageTopic: topic }: WorkerConfig,
  connector: string,
  isMissing: boolean,
  filesThere: number | null,
): HeadraceError {
  const what = isMissing ? 'does not exist any more' : 'was deleted and made anew';
  const files =
    filesThere === null ? 'every file' : filesThere === 1 ? 'the 1 file' : `up to ${filesThere} files`;
  return new HeadraceError(
    'OFFSETS_LOST',
    `The topic "${topic}" of offset.storage.topic ${what} since ${connector} was last started, and with it how far each ` +
      `file is delivered. Going on would deliver ${files} once more: whatever is still in place and was delivered before. ` +
      'Restore the topic; or take away what was delivered. Then, or if all of it is to be loaded again, allow it: ' +
      `headrace offsets reset ${connector}`,
  );
}
