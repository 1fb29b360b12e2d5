import { PluginCalls } from '../../src/plugin-calls/plugin-calls.ts';

/** For plugins that a test calls itself. */
export const CALLS = new PluginCalls(60_000);
