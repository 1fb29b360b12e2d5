import { crc32 } from 'node:zlib';
import {
  type ConfigDefinition,
  type FileProgress,
  FileRejected,
  type OffsetReader,
  type SourceConnectorPlugin,
  type SourceFile,
  type SourceOffset,
  type SourcePartition,
  type SourceTask,
} from '../plugin/index.ts';
import { created } from '../runtime/task/created-plugin.ts';
import { type Options, valuesOf } from './option-values.ts';
import { testContext } from './test-context.ts';

/** What is stored of a file. */
export interface StoredOffset {
  readonly partition: SourcePartition;
  readonly offset: SourceOffset;
}

/** A file that was read, with the offset that is stored once all of it is delivered; rows are not counted in it. */
export interface ReadFile extends StoredOffset {
  readonly path: string;
  readonly content: Buffer;
}

/** The most of a file that its progress holds: `FileProgress`. */
const TAIL_BYTES = 1024;

/**
 * Runs the first task of a source connector to its end, as if all that it gives were delivered. For connectors that come
 * to an end.
 *
 * @param options dotted keys and their text, as a feed has them
 * @param stored what runs before this one have delivered: files that this function gave will do
 * @throws HeadraceError CONFIG_INVALID when an option is wrong; FileRejected of a file that is given up
 */
export async function readFiles<D extends ConfigDefinition>(
  plugin: SourceConnectorPlugin<D>,
  options: Options,
  stored: readonly StoredOffset[] = [],
): Promise<readonly ReadFile[]> {
  const use = { key: 'readFiles', name: plugin.name, modulePath: null };
  const values = valuesOf(plugin, options);
  const context = { ...testContext(), taskCount: 1, offsets: readerOf(stored), forget() {}, fileState() {} };
  const task = await created(use, 'createTask', ['read'], async () => plugin.createTask(values, context));
  try {
    return await filesOf(task);
  } finally {
    await task.close?.();
  }
}

async function filesOf(task: SourceTask): Promise<ReadFile[]> {
  const files: ReadFile[] = [];
  let chunks: Buffer[] = [];
  for await (const chunk of task.read()) {
    if (chunk instanceof FileRejected) throw chunk;
    const { file, bytes, eof } = chunk;
    chunks.push(bytes);
    if (!eof) continue;
    const content = Buffer.concat(chunks);
    chunks = [];
    const progress = delivered(file, content);
    const { path, partition } = file;
    files.push({ path, partition, content, offset: file.offsetAt(progress) });
    await task.committed?.(file, progress);
  }
  return files;
}

const NOTHING = { row: 0, line: 0, head: 0, produced: 0, filtered: 0, rejected: 0 };

function delivered({ start }: SourceFile, content: Buffer): FileProgress {
  const { row, line, head, produced, filtered, rejected } = start ?? NOTHING;
  return {
    ...{ row, line, head, produced, filtered, rejected },
    position: (start?.position ?? 0) + content.length,
    crc32: crc32(content, start?.crc32 ?? 0),
    tail: content.subarray(-TAIL_BYTES),
    eof: true,
  };
}

/** Where a task finds what was committed before it. */
export function readerOf(stored: readonly StoredOffset[]): OffsetReader {
  const committed = stored.map(({ partition, offset }) => ({ partition, offset, timestamp: 0 }));
  return {
    offset: (wanted) =>
      committed.find(({ partition }) => JSON.stringify(partition) === JSON.stringify(wanted))?.offset,
    find: (properties) =>
      committed.filter(({ partition }) =>
        Object.entries(properties).every(([name, value]) => partition[name] === value),
      ),
  };
}
