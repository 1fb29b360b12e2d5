/** Writes a result. A reader that has seen enough, as `head` has, is no fault of anybody's. */
export function print(text: string | Uint8Array): void {
  const { stdout } = process;
  if (stdout.listenerCount('error') === 0) {
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  stdout.write(text);
}

/** Writes a result for a machine: one JSON object in one line. */
export function printJson(value: unknown): void {
  print(`${JSON.stringify(value)}\n`);
}
