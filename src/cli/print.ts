import { HeadraceError } from '../errors.ts';
import { EXIT } from './exit-codes.ts';

/**
 * Writes a result. A reader that has seen enough, as `head` has, is no fault of anybody's. Where there is no room for a
 * result the exit code says so, unless it says worse.
 */
export function print(text: string | Uint8Array): void {
  tellErrorsOfPrinting();
  process.stdout.write(text);
}

/** From here on what others write to standard output, as plugins do, ends the process as little as `print`. */
export function tellErrorsOfPrinting(): void {
  const { stdout } = process;
  if (stdout.listenerCount('error') === 0) stdout.on('error', onError);
}

/** Writes a result in pieces, each when there is room for it. Once it cannot be written no more of it is asked for. */
export async function printAll(pieces: AsyncIterable<string>): Promise<void> {
  const { stdout } = process;
  for await (const piece of pieces) {
    print(piece);
    if (stdout.writableNeedDrain) await roomOrError(stdout);
    if (stdout.errored !== null) return;
  }
}

function roomOrError(stdout: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stdout.off('drain', done).off('error', done);
      resolve();
    };
    stdout.on('drain', done).on('error', done);
  });
}

function onError(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  console.error(
    `the result could not be written to standard output: ${error.message}; what was done is done, and the same command tells it again`,
  );
  process.once('exit', (code) => {
    if (code === EXIT.ok || code === EXIT.incomplete) process.exitCode = EXIT.outage;
  });
}

/** Writes a result for a machine: one JSON object in one line. */
export function printJson(value: unknown): void {
  print(`${JSON.stringify(value)}\n`);
}

/** Tells a person what went wrong. Only a fault of Headrace's own is worth a stack. */
export function printError(error: unknown): void {
  if (error instanceof HeadraceError) console.error(error.message);
  else console.error(error);
}
