import { HeadraceError } from '../errors.ts';
import type { RecordSchema, SourceRecord } from '../plugin/index.ts';
import type { Callee } from '../plugin-calls/call-board.ts';
import type { PluginCalls } from '../plugin-calls/plugin-calls.ts';
import { PluginFault, type PluginUse, placeText, shownValue } from '../plugin-calls/plugin-use.ts';
import { thrownMasked, thrownText } from '../plugin-calls/thrown-at.ts';
import type { CellConverter } from '../rows/index.ts';
import { UnsendableRecord } from './unsendable-record.ts';

/** A converter and whose it is. */
export interface NamedConverter {
  readonly plugin: PluginUse;
  readonly converter: CellConverter;
  readonly calls: PluginCalls;
}

type Side = 'KEY_CONVERTER' | 'VALUE_CONVERTER';

/**
 * The bytes of a record's key or value.
 *
 * @throws UnsendableRecord when the converter does not take it
 * @throws PluginFault when it gives what are no bytes
 */
export function serialize(
  named: NamedConverter,
  stage: Side,
  topic: string,
  { key, value, valueSchema, origin }: SourceRecord,
): Uint8Array | string | null {
  const { plugin, calls } = named;
  if (plugin.modulePath !== null) calls.begin(calleeOf(named, 'serialize'), origin.filePath, origin.row);
  const bytes =
    stage === 'KEY_CONVERTER'
      ? convert(named, stage, topic, null, key)
      : convert(named, stage, topic, valueSchema, value);
  calls.end();
  if (typeof bytes === 'string' || bytes === null || bytes instanceof Uint8Array) return bytes;
  const what = `serialize gave ${shownValue(bytes)}; expected a Uint8Array, text or null`;
  throw new PluginFault(named.plugin, `${placeText(origin)}: ${what}`);
}

/** Before the first record of a topic and schema. */
export async function prepare(
  named: NamedConverter,
  topic: string,
  schema: RecordSchema | null,
): Promise<void> {
  const { converter, calls } = named;
  if (converter.prepare === undefined) return;
  await calls.run(calleeOf(named, 'prepare'), () => converter.prepare?.(topic, schema));
}

function calleeOf({ plugin }: NamedConverter, how: 'serialize' | 'prepare'): Callee {
  let callees = CALLEES.get(plugin);
  if (callees === undefined) {
    callees = { serialize: { plugin, how: 'serialize' }, prepare: { plugin, how: 'prepare' } };
    CALLEES.set(plugin, callees);
  }
  return callees[how];
}

/** One for each function, by which the board knows that nothing has changed. */
const CALLEES = new WeakMap<PluginUse, Readonly<Record<'serialize' | 'prepare', Callee>>>();

function convert(
  { plugin, converter }: NamedConverter,
  stage: Side,
  topic: string,
  schema: RecordSchema | null,
  data: unknown,
): Uint8Array | string | null {
  try {
    return converter.serialize(topic, schema, data);
  } catch (error) {
    if (error instanceof HeadraceError && error.retriable) throw error;
    const errorName = error instanceof Error ? error.name : 'Error';
    const message = thrownText(error, plugin.modulePath);
    const masked = thrownMasked(error, plugin.modulePath);
    const reason = masked === undefined ? { message } : { message, masked };
    throw new UnsendableRecord({ stage, plugin: plugin.name, errorName, ...reason, topic }, error);
  }
}
