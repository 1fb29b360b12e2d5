import { HeadraceError, type HeadraceErrorOptions } from '../errors.ts';
import type { RowOrigin } from '../plugin/source-record.ts';
import type { RowPosition } from '../plugin/task-context.ts';
import { maskedValue } from '../values/shown.ts';

/** A plugin at its place in a feed, as people are told of it. */
export interface PluginUse {
  /** The key below which the feed names it: `transforms.ticker`. */
  readonly key: string;
  /** Its own name. */
  readonly name: string;
  /** The file that it came from; null of one that is built in. */
  readonly modulePath: string | null;
}

/** A plugin does not keep to its contract: no row is to blame. Once a person has mended it, the task goes on where it was. */
export class PluginFault extends HeadraceError {
  /** @param what which of its functions did what, and what was expected */
  constructor(plugin: PluginUse, what: string, options: HeadraceErrorOptions = {}) {
    super('PLUGIN_FAILED', `${pluginTitle(plugin)}: ${what}`, options);
  }
}

/** `transforms.ticker (plugin ticker, /plugins/ticker.ts)` */
export function pluginTitle({ key, name, modulePath }: PluginUse): string {
  return `${key} (plugin ${name}${modulePath === null ? '' : `, ${modulePath}`})`;
}

/** `row 2 (line 3) of a.csv` */
export function placeText({ row, line, filePath }: RowOrigin): string {
  return `row ${row} (line ${line}) of ${filePath}`;
}

/** `row 2 of a.csv`, of the row that a plugin is called for */
export function placeOfCall({ row, filePath }: RowPosition): string {
  return `row ${row} of ${filePath}`;
}

/** What a plugin gave, in a few words, none of which are of a row. */
export function shownValue(value: unknown): string {
  if (typeof value === 'string') return maskedValue(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return 'a list';
  if (isThenable(value)) return 'a promise';
  if ('next' in value && typeof value.next === 'function') return 'an iterator';
  const { constructor: made } = value;
  const isPlain = typeof made !== 'function' || made === Object || made.name === '';
  return isPlain ? 'an object' : `an object of ${made.name}`;
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
