import type { ConnectorConfig } from '../../config/connector-config.ts';
import { HeadraceError } from '../../errors.ts';
import { PluginFault, shownValue } from '../../plugin-calls/plugin-use.ts';
import { threadCalls } from '../../plugin-calls/thread-calls.ts';
import { sourceUse } from '../task/task-plugins.ts';
import type { TaskSplit } from '../worker/feed.ts';

/** A source that cannot tell gets one task, which will fail with the reason and be tried again. */
export async function taskSplitOf(config: ConnectorConfig): Promise<TaskSplit> {
  const { plugin, values } = config.source;
  const { tasksMax } = config;
  const use = sourceUse(config);
  const callee = { plugin: use, how: 'taskCount' };
  try {
    const wanted = await threadCalls().run(callee, () => plugin.taskCount?.(values, tasksMax) ?? tasksMax);
    if (Number.isInteger(wanted)) return { count: Math.max(1, Math.min(wanted, tasksMax)), mistake: null };
    const what = `taskCount gave ${shownValue(wanted)}; expected a whole number of at least 1`;
    return unsplit(new PluginFault(use, what));
  } catch (error) {
    return unsplit(error);
  }
}

/** Only who breaks its contract is told of at once. */
export function unsplit(error: unknown): TaskSplit {
  return {
    count: 1,
    mistake: error instanceof HeadraceError && error.code === 'PLUGIN_FAILED' ? error.message : null,
  };
}

/** Null when the source cannot tell. */
export async function fileCountOf(config: ConnectorConfig): Promise<number | null> {
  const { plugin, values } = config.source;
  const callee = { plugin: sourceUse(config), how: 'countFiles' };
  return await threadCalls()
    .run(callee, () => plugin.countFiles?.(values) ?? null)
    .catch(() => null);
}
