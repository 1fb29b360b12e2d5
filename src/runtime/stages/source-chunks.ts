import { FileRejected, type SourceChunk, type SourceTask } from '../../plugin/index.ts';
import { PluginFault, type PluginUse, shownValue } from '../../plugin-calls/plugin-use.ts';
import { faultOf } from '../task/created-plugin.ts';

/**
 * The chunks of a source. An error of it comes in its place among them, so that it goes through the pipeline behind what
 * was read before it, which is delivered then; so does what is no chunk.
 */
export async function* chunksInPlace(
  source: SourceTask,
  plugin: PluginUse,
): AsyncGenerator<SourceChunk | Error, void, undefined> {
  try {
    const chunks: unknown = source.read();
    if (!isIterable(chunks))
      throw new PluginFault(plugin, `read gave ${shownValue(chunks)}; expected an async iterable of chunks`);
    for await (const chunk of chunks) {
      requireChunk(plugin, chunk);
      yield chunk;
    }
  } catch (error) {
    yield faultOf(plugin, 'read', error) as Error;
  }
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return (
    typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)
  );
}

function requireChunk(plugin: PluginUse, chunk: unknown): asserts chunk is SourceChunk | FileRejected {
  if (chunk instanceof FileRejected) return;
  const mistake = chunkMistake(chunk);
  if (mistake !== null) {
    throw new PluginFault(
      plugin,
      `read gave ${mistake}; expected chunks, { file, bytes, eof }, or a FileRejected`,
    );
  }
}

function chunkMistake(chunk: unknown): string | null {
  if (typeof chunk !== 'object' || chunk === null) return shownValue(chunk);
  const { file, bytes, eof } = chunk as Partial<SourceChunk>;
  if (typeof file?.path !== 'string' || typeof file.offsetAt !== 'function')
    return `a chunk whose file is ${shownValue(file)}`;
  if (!Buffer.isBuffer(bytes))
    return `a chunk of ${file.path} whose bytes are ${shownValue(bytes)}, no Buffer`;
  return typeof eof === 'boolean' ? null : `a chunk of ${file.path} whose eof is ${shownValue(eof)}`;
}
