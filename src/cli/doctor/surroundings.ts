import type { WorkerConfig } from '../../config/worker-config.ts';
import type { Feed } from '../../runtime/worker/feed.ts';
import { quietClient } from '../worker-option.ts';
import { brokerChecks, settingChecks, transactionChecks } from './broker-checks.ts';
import { type Check, passed } from './check.ts';
import { folderChecks } from './folder-checks.ts';
import { groupChecks } from './group-checks.ts';
import { registryChecks } from './registry-checks.ts';
import { rowTimeChecks } from './row-time-checks.ts';
import { storageChecks } from './storage-checks.ts';
import { configTopicCheck, feedTopicChecks, fileStatusTopicCheck, offsetTopicCheck } from './topic-checks.ts';

export interface Surroundings {
  readonly worker: WorkerConfig;
  /** The name of the worker's file. */
  readonly subject: string;
  readonly feeds: readonly Feed[];
}

/** Asks Kafka, registries, storage and disks whether a worker could run its feeds. Changes nothing that anybody reads. */
export async function* checkSurroundings({ worker, subject, feeds }: Surroundings): AsyncGenerator<Check> {
  // The command line has refused any Node that is too old.
  yield passed({ subject: 'environment', key: 'node' }, process.versions.node);
  const client = quietClient(worker);
  let answers = true;
  for await (const check of brokerChecks(client, subject)) {
    answers &&= check.ok;
    yield check;
  }
  if (answers) {
    yield* settingChecks(client, subject);
    const { check, isThere } = await offsetTopicCheck(client, worker, subject);
    yield check;
    if (worker.exactlyOnceSourceSupport === 'enabled') yield await configTopicCheck(client, worker, subject);
    yield await fileStatusTopicCheck(client, worker, subject);
    if (isThere) yield* transactionChecks(client, worker, subject);
    yield* groupChecks(client, worker, subject);
  }
  for (const { config, entries } of feeds) {
    const file = entries.origin.source;
    if (answers) {
      yield* feedTopicChecks(client, config, file);
      yield* rowTimeChecks(client, config, file);
    }
    yield* registryChecks(config, file);
    yield* storageChecks(config, file);
    yield* folderChecks(config, file);
  }
}
