import type { PluginLog } from '../../src/plugin/index.ts';

/** Tells in the log what was found or chosen of a field's cells, once for each thing. Values are none of its business. */
export type Tell = (message: string, about: Readonly<Record<string, string>>) => void;

export const silent: Tell = () => {};

export function tellOnce(log: Pick<PluginLog, 'info'>, field: string): Tell {
  const told = new Set<string>();
  return (message, about) => {
    const key = JSON.stringify([message, about]);
    if (told.has(key)) return;
    told.add(key);
    log.info(message, { field, ...about });
  };
}
