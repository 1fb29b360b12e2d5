import { setTimeout as delay } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { messageOf } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { builtInPlugin } from '../../loader/built-in.ts';
import type {
  ConfigDefinition,
  ConfigValues,
  LookoutContext,
  PluginLog,
  SourceConnectorPlugin,
} from '../../plugin/index.ts';
import { rehearse } from '../task/rehearsal.ts';
import { feedOf } from '../worker/feed.ts';
import { workerClient } from '../worker/kafka-client-config.ts';
import { SeveralAtOnce } from '../worker/several-at-once.ts';
import type { LookoutCommand, LookoutMessage, Sleeper } from './lookout-messages.ts';
import { OffsetsOfAll } from './offsets-of-all.ts';

/* Looks out for all tasks of a worker that sleep. Only connectors that come with Headrace run here. */

/** Of feeds that begin, each for so long at most. */
const TRIALS_AT_ONCE = 8;
const TRIAL_MS = 5_000;

let client: KafkaClient | null = null;
let offsets: OffsetsOfAll | null = null;
const trials = new SeveralAtOnce(TRIALS_AT_ONCE);
const forgets = new Map<number, AbortController>();
const tell = (message: LookoutMessage) => parentPort?.postMessage(message);

parentPort?.on('message', (command: LookoutCommand) => {
  const { sleep } = command;
  if (command.type === 'forget') {
    forgets.get(sleep)?.abort();
    return;
  }
  const forget = new AbortController();
  forgets.set(sleep, forget);
  lookOut(command.sleeper, forget.signal)
    .then(
      (note) => ({ note, failure: null }),
      (error) => ({ note: command.sleeper.note, failure: messageOf(error) }),
    )
    .then((waking) => {
      forgets.delete(sleep);
      if (!forget.signal.aborted) tell({ type: 'woken', sleep, ...waking });
    });
});

async function lookOut(sleeper: Sleeper, signal: AbortSignal): Promise<unknown> {
  const { source, note, connector, taskId, taskCount } = sleeper;
  const plugin = (await builtInPlugin('source', source.name)?.())?.default as
    | SourceConnectorPlugin
    | undefined;
  if (plugin?.lookOut === undefined) throw new Error(`${source.name} does not look out for its tasks`);
  const context: LookoutContext = { connector, taskId, taskCount, signal, log: logOf(sleeper) };
  const { untried } = sleeper;
  if (untried !== null) {
    await tryOut(untried, context);
    context.offsets = () => offsetsOf(untried.worker).of(connector);
  }
  return await plugin.lookOut(source.values as ConfigValues<ConfigDefinition>, context, note);
}

/** One that takes long, as where a registry does not answer, holds up no other. */
function tryOut({ worker, feed }: NonNullable<Sleeper['untried']>, context: LookoutContext): Promise<void> {
  return trials.run(async () => {
    context.signal.throwIfAborted();
    const tooLong = delay(TRIAL_MS, undefined, { ref: false }).then(() => {
      throw new Error(`not ready after ${TRIAL_MS} ms`);
    });
    await Promise.race([rehearse((await feedOf(feed, worker)).config, clientOf(worker), context), tooLong]);
  });
}

function clientOf(worker: WorkerConfig): KafkaClient {
  client ??= workerClient(worker, () => {});
  return client;
}

function offsetsOf(worker: WorkerConfig): OffsetsOfAll {
  offsets ??= new OffsetsOfAll(clientOf(worker), worker.offsetStorageTopic);
  return offsets;
}

function logOf({ connector, taskId: task }: Sleeper): PluginLog {
  const log =
    (level: keyof PluginLog): PluginLog['info'] =>
    (message, fields = {}) =>
      tell({ type: 'event', event: { type: 'log', connector, task, level, message, fields } });
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}
