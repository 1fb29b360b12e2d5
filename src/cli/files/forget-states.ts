import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError, messageOf } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { forgetFiles } from '../../runtime/files/file-status-topic.ts';

/** What is forgotten is so by its offset; a state that stays only tells of what was. @param paths null: all files */
export async function forgetStates(
  client: KafkaClient,
  worker: WorkerConfig,
  connector: string,
  paths: readonly string[] | null,
): Promise<void> {
  await forgetFiles(client, worker, connector, paths).catch((error) => {
    if (!(error instanceof HeadraceError)) throw error;
    console.error(
      `what is in ${worker.fileStatusStorageTopic} of it could not be taken away: ${messageOf(error)}`,
    );
  });
}
