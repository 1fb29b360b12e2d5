import type { PluginContext, PluginLog } from '../../plugin/index.ts';
import type { PluginUse } from '../../plugin-calls/plugin-use.ts';
import { threadCalls } from '../../plugin-calls/thread-calls.ts';
import type { TaskMetrics } from '../plugin-metrics/task-metrics.ts';

/** What the plugins of a task share. */
export interface SharedContext extends Pick<PluginContext, 'connector' | 'taskId' | 'log' | 'signal'> {
  readonly metrics: TaskMetrics;
}

/** What one of them gets: what it logs, and its metrics, tell which one it is. */
export function contextFor<C extends SharedContext>(
  plugin: PluginUse,
  context: C,
): Omit<C, 'metrics'> & PluginContext {
  const isBuiltIn = plugin.modulePath === null;
  const position = () => threadCalls().board.position;
  return {
    ...context,
    log: isBuiltIn ? context.log : logOf(plugin.key, context.log, position),
    metrics: context.metrics.of(plugin),
    position,
  };
}

function logOf(plugin: string, log: PluginLog, position: PluginContext['position']): PluginLog {
  const saying =
    (level: keyof PluginLog) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      const at = position();
      log[level](message, { plugin, ...(at && { file: at.filePath, row: at.row }), ...fields });
    };
  return { debug: saying('debug'), info: saying('info'), warn: saying('warn'), error: saying('error') };
}
