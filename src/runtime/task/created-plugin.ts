import { HeadraceError } from '../../errors.ts';
import { PluginFault, type PluginUse, shownValue } from '../../plugin-calls/plugin-use.ts';
import { requireIntrinsics } from '../../plugin-calls/require-intrinsics.ts';
import { threadCalls } from '../../plugin-calls/thread-calls.ts';
import { thrownText } from '../../plugin-calls/thrown-at.ts';

/**
 * What a plugin's function makes for a task, seen to have the functions that will be called.
 *
 * @param how the plugin's function: `create`
 * @param functions that what it makes must have
 * @throws PluginFault when it has not, or the function throws; a HeadraceError of a built-in plugin as it is
 */
export async function created<T extends object>(
  plugin: PluginUse,
  how: string,
  functions: readonly string[],
  make: () => T | Promise<T>,
): Promise<T> {
  const result = await made(plugin, how, make);
  if (plugin.modulePath !== null) requireIntrinsics(plugin, how);
  for (const name of functions) {
    if (typeof (result as Record<string, unknown> | null | undefined)?.[name] === 'function') continue;
    const what = `${how} gave ${shownValue(result)}; expected an object with the function ${name}`;
    throw new PluginFault(plugin, what);
  }
  return result;
}

async function made<T>(plugin: PluginUse, how: string, make: () => T | Promise<T>): Promise<T> {
  try {
    return await threadCalls().run({ plugin, how }, make);
  } catch (error) {
    throw faultOf(plugin, how, error);
  }
}

/** An error of one of a plugin's functions, with whose it is; whether trying again may help stays as the plugin says. */
export function faultOf(plugin: PluginUse, how: string, error: unknown): unknown {
  if (error instanceof HeadraceError && (plugin.modulePath === null || error instanceof PluginFault))
    return error;
  const retriable = (error as { readonly retriable?: unknown } | null | undefined)?.retriable === true;
  return new PluginFault(plugin, `${how} threw: ${thrownText(error, plugin.modulePath)}`, {
    cause: error,
    retriable,
  });
}
