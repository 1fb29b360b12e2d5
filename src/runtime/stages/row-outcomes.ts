import { HeadraceError, messageOf } from '../../errors.ts';
import type { Applied, Rejection, SourceRecord } from '../../plugin/index.ts';
import { PluginFault, type PluginUse, placeText } from '../../plugin-calls/plugin-use.ts';
import { thrownMasked, thrownText } from '../../plugin-calls/thrown-at.ts';
import type { RowBatch } from '../../rows/index.ts';
import { appliedMistake, recordsOf } from './applied-records.ts';
import { unshared } from './held-records.ts';

/** What becomes of rows by what a transformation gave of them, or threw. */
export class RowOutcomes {
  readonly #plugin: PluginUse;

  constructor(plugin: PluginUse) {
    this.#plugin = plugin;
  }

  settle(batch: RowBatch, index: number, applied: Applied): void {
    this.requireRecords(batch, index, applied);
    const records = recordsOf(applied);
    if (records.length === 0) return batch.filter(index);
    const own = this.#plugin.modulePath === null ? records : records.map(unshared);
    batch.setRecords(index, own.length === 1 ? (own[0] as SourceRecord) : own);
  }

  /** @throws PluginFault when it is something else: a function that gives nothing would filter every row */
  requireRecords(batch: RowBatch, index: number, applied: Applied): void {
    if (applied === null) return;
    const calledFor = { filePath: batch.file.path, row: batch.rowNumber(index) };
    const mistake = appliedMistake(applied, calledFor);
    if (mistake !== null)
      throw new PluginFault(this.#plugin, `${placeText(batch.origin(index))}: ${mistake}`);
  }

  /** A server that is away is no fault of the row: it goes on to end the task, which is tried again. */
  refuse(batch: RowBatch, index: number, error: unknown): void {
    if (error instanceof PluginFault) throw error;
    if (isRetriable(error)) {
      const message = `${this.#plugin.name}: ${messageOf(error)}`;
      throw new HeadraceError('PLUGIN_FAILED', message, { cause: error, retriable: true });
    }
    batch.reject(index, rejectionOf(this.#plugin, error));
  }
}

export function isRetriable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retriable' in error && error.retriable === true;
}

function rejectionOf({ name: plugin, modulePath }: PluginUse, error: unknown): Rejection {
  const errorName = error instanceof Error ? error.name : 'Error';
  const message = thrownText(error, modulePath);
  const masked = thrownMasked(error, modulePath);
  const reason = masked === undefined ? { message } : { message, masked };
  return { stage: 'TRANSFORMATION', plugin, errorName, ...reason };
}
