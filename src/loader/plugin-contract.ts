import { registerHooks } from 'node:module';
import { ownModule } from '../own-modules.ts';

/** The contract that the running Headrace uses, whatever copy a plugin's folder may hold. */
const CONTRACT = ownModule('src/plugin/index').href;

/** TypeScript modules of plugins: the plugin's own, and those it imports. */
const pluginModules = new Set<string>();
let provided = false;

/**
 * Lets a plugin anywhere run as it is, with nothing beside it: `headrace/plugin` is the running Headrace's, and its
 * TypeScript is taken for ES modules whatever the nearest package.json says.
 */
export function providePluginContract(plugin: URL): void {
  if (plugin.href.endsWith('.ts')) pluginModules.add(plugin.href);
  if (provided) return;
  provided = true;
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'headrace/plugin') return { url: CONTRACT, shortCircuit: true };
      const found = next(specifier, context);
      const isOfPlugin = pluginModules.has(found.url) || pluginModules.has(context.parentURL ?? '');
      if (!isOfPlugin || !found.url.endsWith('.ts')) return found;
      pluginModules.add(found.url);
      return { ...found, format: 'module-typescript' };
    },
  });
}
