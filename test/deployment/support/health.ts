import { execFile } from 'node:child_process';
import { expect } from 'vitest';

/** The exit code of a health check's command, asking `address` in place of the one that it names. */
export function healthOf([program, ...args]: readonly string[], address: string): Promise<number> {
  expect(program).toBe('node');
  const asked = args.map((arg) => arg.replace('http://127.0.0.1:8083', address));
  expect(asked).not.toEqual(args);
  return new Promise((resolve) => {
    execFile(process.execPath, asked, (error) => resolve(error === null ? 0 : Number(error.code)));
  });
}
