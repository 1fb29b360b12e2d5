import {
  defineSourceConnector,
  type FileStart,
  HeadraceError,
  messageOf,
  type SourceChunk,
  type SourceFile,
  type SourceOffset,
} from 'headrace/plugin';

export default defineSourceConnector({
  name: 'my-name',
  // Of headrace/plugin, which it is written for.
  contract: '[1.0,2.0)',
  doc: 'Reads files from a web server, each once.',
  // What a feed says. The type of `urls` below comes from here.
  config: { urls: { doc: 'The files, comma-separated.', format: 'list', required: true } },
  // One task reads all files; several would have to share them out.
  taskCount: () => 1,
  createTask: ({ urls }, { offsets, signal }) => ({
    // Called once. When it ends there is nothing more to come, ever; a source that watches goes on until `signal` aborts.
    async *read() {
      for (const url of urls) {
        // What was committed of this file, when the task or the process before this one ended.
        const stored = offsets.offset({ url });
        if (stored?.eof === true) continue;
        const content = await contentOf(url, signal);
        if (signal.aborted) return;
        yield chunkOf(url, content, stored);
      }
    },
  }),
});

/** One file in one piece. A file that memory does not hold is given in several, the last with `eof`. */
function chunkOf(url: string, content: Buffer, stored: SourceOffset | undefined): SourceChunk {
  const known = stored as unknown as FileStart | undefined;
  const start = known === undefined ? null : { ...known, headBytes: content.subarray(0, known.head) };
  const file: SourceFile = {
    // Offsets are kept under this, so it must be the same every time.
    partition: { url },
    path: url,
    name: new URL(url).pathname.split('/').at(-1) || 'index',
    start,
    size: content.length,
    // What is stored with the rows, in their transaction: all of the progress but the last bytes, which are not JSON.
    offsetAt: ({ tail: _, ...progress }) => progress,
  };
  return { file, bytes: content.subarray(start?.position ?? 0), eof: true };
}

/** An error of this code is tried again by the task, later and later. */
async function contentOf(url: string, signal: AbortSignal): Promise<Buffer> {
  try {
    const response = await fetch(url, { signal });
    if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    if (signal.aborted) return Buffer.alloc(0);
    // What fetch throws has the reason below it.
    const { cause = error } = error as Error;
    throw new HeadraceError('SOURCE_UNREADABLE', `${url}: ${messageOf(cause)}`, { cause });
  }
}
