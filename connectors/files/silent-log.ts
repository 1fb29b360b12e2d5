import type { PluginLog } from '../../src/plugin/index.ts';

/** For what is asked of files outside of a task, whose errors are all there is to tell. */
export const SILENT: PluginLog = { debug() {}, info() {}, warn() {}, error() {} };
