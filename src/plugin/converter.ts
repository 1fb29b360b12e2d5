import type { ConfigDefinition, ConfigValues } from './config-definition.ts';
import type { DeclaredPlugin } from './declared-plugin.ts';
import type { RecordSchema } from './schema.ts';
import type { PluginContext } from './task-context.ts';

/** Makes the bytes of keys or of values. One instance serves one side of one task. */
export interface Converter {
  /**
   * Called before the first record of a topic and schema, and again when the schema changes: the place for a schema
   * registry. An error here fails the task; a `retriable` one restarts it.
   */
  prepare?(topic: string, schema: RecordSchema | null): Promise<void>;
  /**
   * The bytes of a key or value, or the text whose UTF-8 they are; null stays null. Called per record, never
   * asynchronous. An error thrown sends the row to the dead-letter queue.
   */
  serialize(topic: string, schema: RecordSchema | null, value: unknown): Uint8Array | string | null;
}

export interface ConverterPlugin<D extends ConfigDefinition = ConfigDefinition> extends DeclaredPlugin<D> {
  readonly kind: 'converter';
  /** Called once for each task and side, when the task begins, in its thread. */
  create(config: ConfigValues<D>, context: PluginContext & { readonly side: 'key' | 'value' }): Converter;
}

export function defineConverter<const D extends ConfigDefinition>(
  plugin: Omit<ConverterPlugin<D>, 'kind'>,
): ConverterPlugin<D> {
  return { kind: 'converter', ...plugin };
}
