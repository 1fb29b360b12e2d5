import type { ConfigDefinition, ConfigValues } from './config-definition.ts';
import type { DeclaredPlugin } from './declared-plugin.ts';
import type { FieldUse } from './field-use.ts';
import type { SourceRecord } from './source-record.ts';
import type { PluginContext } from './task-context.ts';

/** What `apply` may give: the record (the same or another), several, or null to filter the row out. */
export type Applied = SourceRecord | readonly SourceRecord[] | null;

/** What `applyBatch` gives for one record: what `apply` would, or the error that it would throw. */
export type BatchApplied = Applied | Error;

/** Changes records, of its own accord one at a time. */
export interface Transformation {
  /**
   * Called once per record, in file order. May change the record in place, until it returns or its promise is settled,
   * and no later: what it gives may become cells again at once, from which whoever is next gets a record of its own.
   * Such a record holds the same enumerable properties; symbols and frozen objects do not last.
   *
   * An error thrown sends the row to the dead-letter queue with the error's message; an error with `retriable: true`
   * (a server that is away) restarts the task from the last commit instead, and no row is lost or dead-lettered.
   * Anything given that is none of this, as a function without `return` gives, is a fault of the plugin: the task fails.
   */
  apply(record: SourceRecord): Applied | Promise<Applied>;
  /**
   * Called in place of `apply`, where it is there, with up to a thousand records at once, in file order; `inBatches` makes
   * both. Gives one result for each, in their order. One call after another, each in the time that a call may take
   * (`plugin.timeout.ms`).
   *
   * An error that it gives for a record is as one that `apply` throws for it. One that it throws itself is no row's: it
   * restarts the task where it is `retriable`, and fails it else.
   */
  applyBatch?(records: readonly SourceRecord[]): readonly BatchApplied[] | Promise<readonly BatchApplied[]>;
  /** Called once when the task ends, also after an error; not when its thread is ended by force. */
  close?(): Promise<void> | void;
}

/** A transformation for which many records cost less at once, as where a server is asked about them. */
export function inBatches(
  applyBatch: NonNullable<Transformation['applyBatch']>,
): Pick<Transformation, 'apply'> & Required<Pick<Transformation, 'applyBatch'>> {
  return {
    applyBatch,
    async apply(record) {
      const [applied] = await applyBatch([record]);
      if (applied instanceof Error) throw applied;
      return applied as Applied;
    },
  };
}

/** What a transformation gets. */
export interface TransformationContext extends PluginContext {
  /** Text of no characters is a value in the rows of the feed's parser (`tellsNulls`). */
  readonly tellsNulls?: boolean;
}

export interface TransformationPlugin<D extends ConfigDefinition = ConfigDefinition>
  extends DeclaredPlugin<D> {
  readonly kind: 'transformation';
  /** How many records may be in `apply` at once when it is asynchronous; order is kept all the same. Default 1. */
  readonly parallel?: number;
  /**
   * Which fields it looks for, so that a name that no row can have is found before the first row: in the feed, where it
   * declares its columns, else in the header of each file. May read files that the options name, and nothing else.
   * Without it nothing is known of the fields from here on.
   */
  fieldUse?(config: ConfigValues<D>): FieldUse | Promise<FieldUse>;
  /** Called once for each task, when it begins, in its thread. What it throws ends the task; `retriable`, for a while. */
  create(config: ConfigValues<D>, context: TransformationContext): Transformation | Promise<Transformation>;
}

export function defineTransformation<const D extends ConfigDefinition>(
  plugin: Omit<TransformationPlugin<D>, 'kind'>,
): TransformationPlugin<D> {
  return { kind: 'transformation', ...plugin };
}
