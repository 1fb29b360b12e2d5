import { changedIntrinsic } from './intrinsics.ts';
import { PluginFault, type PluginUse } from './plugin-use.ts';

/**
 * Looked at after a plugin of a user's has run, once for many rows.
 *
 * @param place `rows 1 to 8 of a.csv`, or which function it was
 * @throws PluginFault when it has changed objects that are not its own
 */
export function requireIntrinsics(plugin: PluginUse, place: string): void {
  const changed = changedIntrinsic();
  if (changed === null) return;
  const what = `${place}: it has changed ${changed}, which all code of the thread shares; expected it to be left as it is`;
  throw new PluginFault(plugin, what);
}
