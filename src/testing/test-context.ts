import type { PluginContext } from '../plugin/index.ts';
import { TaskMetrics } from '../runtime/plugin-metrics/task-metrics.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** The context of a task that never stops; it logs nowhere, and nobody sees its metrics, though a wrong one is refused. */
export function testContext(): PluginContext {
  return {
    connector: 'test',
    taskId: 0,
    log: silent,
    metrics: new TaskMetrics([], silent).of({ key: 'test', name: 'test', modulePath: null }),
    signal: new AbortController().signal,
    position: () => null,
  };
}
