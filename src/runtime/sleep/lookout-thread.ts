import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import { builtInPlugin } from '../../loader/built-in.ts';
import type {
  ConfigDefinition,
  ConfigValues,
  LookoutContext,
  PluginLog,
  SourceConnectorPlugin,
} from '../../plugin/index.ts';
import type { LookoutCommand, LookoutMessage, Sleeper } from './lookout-messages.ts';

/* Looks out for all tasks of a worker that sleep. Only connectors that come with Headrace run here. */

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
  return await plugin.lookOut(source.values as ConfigValues<ConfigDefinition>, context, note);
}

function logOf({ connector, taskId: task }: Sleeper): PluginLog {
  const log =
    (level: keyof PluginLog): PluginLog['info'] =>
    (message, fields = {}) =>
      tell({ type: 'event', event: { type: 'log', connector, task, level, message, fields } });
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}
