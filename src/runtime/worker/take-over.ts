import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import { transactionalIds } from '../../kafka/cluster/transactional-ids.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import type { KafkaConnection } from '../../kafka/connection/connection.ts';
import { isNotYet } from '../../kafka/connection/not-yet.ts';
import { retryWhile } from '../../kafka/connection/retry.ts';
import { initProducer } from '../../kafka/producer/init-producer.ts';
import { TransactionalProducer } from '../../kafka/producer/transactional-producer.ts';
import { writeRecord } from '../../kafka/producer/write-record.ts';
import { type ConnectorClaim, type ConnectorClaims, readClaims } from '../../offsets/connector-claims.ts';
import { configsTopic, type OffsetsTopic } from './internal-topics.ts';

const TRANSACTION_TIMEOUT_MS = 60_000;
const FENCE_TIMEOUT_MS = 60_000;
/** For the one who was faster to say who that is. */
const RIVAL_MS = 3_000;
/** Of an id that was in use before there were claims; a higher number is no task of ours. */
const MOST_TASKS = 1_000;

export interface TakeOverOptions {
  readonly worker: WorkerConfig;
  readonly connector: string;
  /** How many tasks are to run; null: as many as before, when none is started. */
  readonly tasks: number | null;
  readonly offsets: OffsetsTopic | null;
  /** Of the group's, whose workers share the claim; null: this worker's alone. */
  readonly run?: number | null;
  /** Judges by the claim of before whether to go on; throws when not. Nothing is changed then. */
  readonly judge?: (former: ConnectorClaim | null) => Promise<void>;
  readonly signal?: AbortSignal;
}

/** The transactional id of a task. */
export function taskId({ groupId }: WorkerConfig, connector: string, task: number): string {
  return `${groupId}-${connector}-${task}`;
}

/**
 * Takes a connector over from whoever ran it: from now on none of its former tasks, however many there were, can write
 * anything, nor read offsets that are outdated by the next write. In this order, so that it may stop anywhere:
 *
 * 1. the connector's own transactional id, which no task has, puts those who do this at the same time in a row;
 * 2. the claim is committed, with the greater of the two numbers of tasks;
 * 3. the ids of all these tasks are taken over;
 * 4. the number of tasks that run from now on is committed.
 *
 * A task takes over its own id, then looks whether the claim is still its worker's, and only then reads offsets. So
 * one of before is either fenced by 3, or it looks after 2 and ends.
 *
 * @throws HeadraceError KAFKA_FENCED when another one was faster, and whatever `judge` throws
 */
export async function takeOver(client: KafkaClient, options: TakeOverOptions): Promise<ConnectorClaim> {
  const { worker, connector, signal } = options;
  const topic = await configsTopic(client, worker);
  const claim = randomUUID();
  /** Those that are not the one who was faster. */
  const known: string[] = [claim];
  try {
    const producer = await TransactionalProducer.start(client, {
      transactionalId: `${worker.groupId}-${connector}-claim`,
      transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
      ...(signal && { signal }),
    });
    try {
      const claims = await readClaims(client, topic.name, signal);
      const former = claims.of(worker.groupId, connector);
      if (former !== null) known.push(former.claim);
      return await claimAndFence(client, options, { claim, claims }, async (records) => {
        producer.begin();
        for (const record of records) await writeRecord(producer, topic, record);
        await producer.commit();
      });
    } finally {
      await producer.close();
    }
  } catch (error) {
    throw await overtaken(client, options, known, error);
  }
}

/**
 * The steps from the second on, for whoever is the only one to take them at a time.
 *
 * @param now a claim that is new, and those that are committed
 * @param write commits records to the config topic
 */
export async function claimAndFence(
  client: KafkaClient,
  options: TakeOverOptions,
  { claim, claims }: { readonly claim: string; readonly claims: ConnectorClaims },
  write: (records: ReturnType<ConnectorClaims['records']>) => Promise<void>,
): Promise<ConnectorClaim> {
  const { worker, connector } = options;
  const former = claims.of(worker.groupId, connector);
  await options.judge?.(former);
  const before = former?.tasks ?? (await tasksBeforeClaims(client, worker, connector));
  const own = claimOf(claim, options, options.tasks ?? Math.max(1, before));
  // Other workers start tasks by a claim for their run: none is there before those of the run before are shut out.
  const widest = { ...own, tasks: Math.max(before, own.tasks), run: null };
  await write(claims.records(connector, widest));
  await fenceTasks(client, options, widest);
  if (widest.tasks !== own.tasks || widest.run !== own.run) await write(claims.records(connector, own));
  return own;
}

/** Throws KAFKA_FENCED, and says who has taken over, unless a connector is still held by this claim. */
export async function requireClaim(
  client: KafkaClient,
  worker: WorkerConfig,
  connector: string,
  claim: string,
  signal?: AbortSignal,
): Promise<void> {
  const holder = (await readClaims(client, worker.configStorageTopic, signal)).of(worker.groupId, connector);
  if (holder?.claim !== claim) throw takenOver(connector, holder);
}

/** The error of a task that was fenced, with who has taken its connector over where that is known. */
export async function withHolder(
  client: KafkaClient,
  worker: WorkerConfig,
  connector: string,
  claim: string,
  error: HeadraceError,
): Promise<HeadraceError> {
  const claims = await readClaims(client, worker.configStorageTopic).catch(() => null);
  const holder = claims?.of(worker.groupId, connector) ?? null;
  return holder === null || holder.claim === claim ? error : takenOver(connector, holder, error);
}

function claimOf(
  claim: string,
  { worker, offsets, run = null }: TakeOverOptions,
  tasks: number,
): ConnectorClaim {
  return {
    tasks,
    group: worker.groupId,
    claim,
    host: hostname(),
    pid: process.pid,
    at: new Date().toISOString(),
    offsetsTopic: worker.offsetStorageTopic,
    offsetsTopicId: offsets?.id ?? null,
    run,
  };
}

/** Task ids that a version without claims has left, as far as the brokers can tell (from Apache Kafka 3.0 on). */
async function tasksBeforeClaims(
  client: KafkaClient,
  worker: WorkerConfig,
  connector: string,
): Promise<number> {
  const known = (await transactionalIds(client)) ?? [];
  const numbers = taskNumbers(known, worker, connector).filter((number) => number < MOST_TASKS);
  return Math.max(-1, ...numbers) + 1;
}

/** The numbers of a connector's tasks among transactional ids; `a-1-0` is not one of connector `a`. */
export function taskNumbers(
  ids: readonly { readonly id: string }[],
  { groupId }: WorkerConfig,
  connector: string,
): number[] {
  const prefix = `${groupId}-${connector}-`;
  return ids.flatMap(({ id }) => {
    const rest = id.startsWith(prefix) ? id.slice(prefix.length) : '';
    return /^(0|[1-9]\d*)$/.test(rest) ? [Number(rest)] : [];
  });
}

function fenceTasks(client: KafkaClient, options: TakeOverOptions, claim: ConnectorClaim): Promise<unknown> {
  const ids = Array.from({ length: claim.tasks }, (_, task) =>
    taskId(options.worker, options.connector, task),
  );
  return client.withConnection(async (connection) => {
    const outcomes = await Promise.allSettled(
      ids.map((id) => fence(client, connection, options, claim.claim, id)),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  });
}

/** Waits for the end of what the task has open; whoever has taken over meanwhile has tasks of its own, to be left alone. */
async function fence(
  client: KafkaClient,
  connection: KafkaConnection,
  { worker, connector, signal }: TakeOverOptions,
  claim: string,
  transactionalId: string,
): Promise<void> {
  let isFirst = true;
  await retryWhile(isNotYet, { timeoutMs: FENCE_TIMEOUT_MS, signal }, async () => {
    if (!isFirst) await requireClaim(client, worker, connector, claim, signal);
    isFirst = false;
    const once = { transactionalId, transactionTimeoutMs: TRANSACTION_TIMEOUT_MS, startTimeoutMs: 0 };
    await initProducer(connection, once, () => {});
  });
}

/** The error to tell when somebody else took the connector over at the same time. */
async function overtaken(
  client: KafkaClient,
  { worker, connector, signal }: TakeOverOptions,
  known: readonly string[],
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof HeadraceError) || error.code !== 'KAFKA_FENCED') return error;
  const seek = async () => {
    const claims = await readClaims(client, worker.configStorageTopic, signal);
    const holder = claims.of(worker.groupId, connector);
    if (holder === null || known.includes(holder.claim)) throw error;
    return holder;
  };
  const holder = await retryWhile(() => true, { timeoutMs: RIVAL_MS, maxDelayMs: 100, signal }, seek).catch(
    () => null,
  );
  return takenOver(connector, holder, error);
}

function takenOver(connector: string, holder: ConnectorClaim | null, cause?: unknown): HeadraceError {
  const by =
    holder === null
      ? 'another worker'
      : `process ${holder.pid} on ${holder.host}, at ${holder.at}, with ${holder.tasks} tasks`;
  return new HeadraceError(
    'KAFKA_FENCED',
    `${connector} was taken over by ${by}. Here it writes nothing more, and nothing is lost or doubled. Let one worker ` +
      'run it: stop the other, and start this one again if it is to go on here.',
    cause === undefined ? {} : { cause },
  );
}
