import {
  defineSourceConnector,
  type FileStart,
  type SourceChunk,
  type SourceConnectorPlugin,
  type SourceOffset,
  type SourceTask,
  type TaskContext,
} from '../../../src/plugin/index.ts';

/** What is on the shelf: names and texts. */
export type Shelf = Readonly<Record<string, string>>;

export const SHELF: Shelf = { one: 'head\n1\n2\n', two: 'head\n3\n4', three: 'head\n' };

/** What a source of these files does otherwise than it must. */
export interface SourceFault {
  readonly names?: (names: string[], context: TaskContext) => string[];
  readonly chunks?: (chunks: SourceChunk[]) => SourceChunk[];
  readonly stored?: (offset: SourceOffset | undefined) => SourceOffset | undefined;
  readonly file?: Partial<SourceChunk['file']>;
  readonly task?: Partial<SourceTask>;
  readonly beforeFirst?: () => unknown;
  readonly atStop?: (context: TaskContext) => unknown;
  /** How many files are opened for one that is asked for. */
  readonly ahead?: number;
}

export const opened = { count: 0 };

/** A source of the shelf, which gives each file in chunks of four bytes. */
export function shelfSource(
  fault: SourceFault = {},
  rest: Partial<SourceConnectorPlugin> = {},
): SourceConnectorPlugin {
  const plugin = defineSourceConnector({
    name: 'shelf',
    doc: 'Files of a shelf.',
    config: { shelf: { doc: 'Which one.', format: ['full', 'gone', 'odd'], default: 'full' } },
    taskCount: () => 1,
    countFiles: async () => Object.keys(SHELF).length,
    createTask: ({ shelf }, context) => ({
      async *read() {
        if (shelf === 'gone') throw new Error('the shelf is gone');
        if (shelf === 'odd') throw new TypeError('x is undefined');
        await fault.beforeFirst?.();
        const names = Object.keys(SHELF);
        for (const name of fault.names?.(names, context) ?? names) {
          if (context.signal.aborted) break;
          yield* chunksOf(name, context, fault);
        }
        await fault.atStop?.(context);
      },
      ...fault.task,
    }),
  });
  return { ...plugin, ...rest } as SourceConnectorPlugin;
}

function* chunksOf(
  name: string,
  { offsets, signal }: TaskContext,
  fault: SourceFault,
): Generator<SourceChunk> {
  const found = offsets.offset({ name });
  const stored = fault.stored === undefined ? found : fault.stored(found);
  if (stored?.eof === true) return;
  opened.count += fault.ahead ?? 1;
  const content = Buffer.from(SHELF[name] as string);
  const known = stored as unknown as FileStart | undefined;
  const start = known === undefined ? null : { ...known, headBytes: content.subarray(0, known.head) };
  const file = {
    ...{ partition: { name }, path: name, name, start, size: content.length },
    offsetAt: ({ tail: _, ...progress }: SourceOffset) => progress,
    ...fault.file,
  } as SourceChunk['file'];
  const chunks: SourceChunk[] = [];
  for (let at = start?.position ?? 0; at < content.length; at += 4)
    chunks.push({ file, bytes: content.subarray(at, at + 4), eof: at + 4 >= content.length });
  for (const chunk of fault.chunks?.(chunks) ?? chunks) {
    if (signal.aborted) return;
    yield chunk;
  }
}
