import { threadCalls } from '../../plugin-calls/thread-calls.ts';

/** Of one call of `console.log`, say; the rest is left out. */
const LONGEST = 10_000;

/**
 * Has what plugins print in this thread told as what they log: standard output may be a result of the command's, and nobody
 * would know whose line it was.
 */
export function tellPrinted(tell: (fields: Readonly<Record<string, unknown>>) => void): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
      const text = Buffer.from(chunk as string)
        .toString()
        .replace(/\n$/, '')
        .slice(0, LONGEST);
      const { callee, position } = threadCalls().board;
      tell({
        ...(callee && { plugin: callee.plugin.key }),
        ...(position && { file: position.filePath, row: position.row }),
        text,
      });
      const done = rest.at(-1);
      if (typeof done === 'function') done();
      return true;
    };
  }
}
