/** Writes a command's result to standard output. A reader that has read enough (`| head`) is no error. */
export function writeResult(text: string): void {
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  process.stdout.write(text);
}
