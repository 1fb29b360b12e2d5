import type { PluginContext } from '../plugin/index.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** The context of a task that never stops and logs nowhere. */
export function testContext(): PluginContext {
  return { connector: 'test', taskId: 0, log: silent, signal: new AbortController().signal };
}
