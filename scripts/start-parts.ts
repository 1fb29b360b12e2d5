import { resolve } from 'node:path';
import type { Plugin, PluginContext } from 'rolldown';

/** Where what is to start fast begins: a worker, the thread of each of its tasks, and the plugins of an ordinary feed. */
const STARTS = {
  /** Runs on any Node, and before the cache of compiled code is there: it may not bring the others in. */
  command: ['src/cli/main.ts'],
  worker: ['src/cli/run/run-command.ts'],
  task: ['src/runtime/task/task-thread.ts'],
  plugins: [
    'connectors/local/index.ts',
    'transforms/csv/index.ts',
    'transforms/schema/index.ts',
    'transforms/route/index.ts',
    'src/converters/json/index.ts',
    'src/converters/string.ts',
  ],
} as const;

/**
 * One part for all that both a worker and its tasks load at their start, and one for each of `STARTS` with what it needs
 * besides. Cut by who shares what, as all other modules are, it would be dozens, and each takes its time to be found
 * and read.
 */
export function startParts(root: string) {
  const command = new Set<string>();
  const worker = new Set<string>();
  const task = new Set<string>();
  const plugins = new Set<string>();
  const plugin: Plugin = {
    name: 'start-parts',
    buildEnd() {
      for (const [from, into] of [
        [STARTS.command, command],
        [STARTS.worker, worker],
        [STARTS.task, task],
        [STARTS.plugins, plugins],
      ] as const) {
        const starts = from.map((path) => resolve(root, path));
        for (const id of starts) collect(this, id, into);
        // They stay where they are reached by their place.
        for (const id of starts) into.delete(id);
      }
    },
  };
  const groups = [
    { name: 'start-command', test: (id: string) => command.has(id) },
    { name: 'start', test: (id: string) => worker.has(id) && task.has(id) },
    { name: 'start-worker', test: (id: string) => worker.has(id) },
    { name: 'start-task', test: (id: string) => task.has(id) },
    { name: 'start-plugins', test: (id: string) => plugins.has(id) },
  ].map((group, index, { length }) => ({ ...group, priority: length - index }));
  return { plugin, groups };
}

/** A module and all that it imports before it runs. */
function collect(context: PluginContext, id: string, into: Set<string>): void {
  const module = into.has(id) ? null : context.getModuleInfo(id);
  if (module === null) return;
  into.add(id);
  for (const imported of module.importedIds) collect(context, imported, into);
}
