import { type LoadHookSync, registerHooks } from 'node:module';

/**
 * Changes a source module as it is loaded: a fault planted to see that it is found. For `node --import`, so that every
 * thread of the daemon has it. A text that is not there ends the process: the plant is to be written anew.
 *
 * @param module the end of the module's path
 */
export function plant(module: string, changes: readonly (readonly [from: string, to: string])[]): void {
  const load: LoadHookSync = (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(module)) return loaded;
    let source = String(loaded.source);
    for (const [from, to] of changes) {
      if (!source.includes(from))
        throw new Error(`${module} does not hold what the planted fault replaces:\n${from}`);
      source = source.replace(from, () => to);
    }
    return { ...loaded, source };
  };
  registerHooks({ load });
}
