import type { ConnectorConfig } from '../../config/connector-config.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { quietClient } from '../worker-option.ts';
import { brokerChecks, settingChecks, transactionChecks } from './broker-checks.ts';
import type { Check } from './check.ts';
import { folderChecks } from './folder-checks.ts';
import { machineChecks } from './machine-checks.ts';
import { registryChecks } from './registry-checks.ts';
import { rowTimeChecks } from './row-time-checks.ts';
import { configTopicCheck, feedTopicChecks, offsetTopicCheck } from './topic-checks.ts';

/** A feed with the name of its file. */
export interface NamedFeed {
  readonly subject: string;
  readonly config: ConnectorConfig;
}

export interface Surroundings {
  readonly worker: WorkerConfig;
  /** The name of the worker's file. */
  readonly subject: string;
  readonly feeds: readonly NamedFeed[];
}

/** Asks Kafka, registries and disks whether a worker could run its feeds. Changes nothing that anybody reads. */
export async function* checkSurroundings({ worker, subject, feeds }: Surroundings): AsyncGenerator<Check> {
  yield* machineChecks();
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
    if (isThere) yield* transactionChecks(client, worker, subject);
  }
  for (const feed of feeds) {
    if (answers) {
      yield* feedTopicChecks(client, feed.config, feed.subject);
      yield* rowTimeChecks(client, feed.config, feed.subject);
    }
    yield* registryChecks(feed.config, feed.subject);
    yield* folderChecks(feed.config, feed.subject);
  }
}
