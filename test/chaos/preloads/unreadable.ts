/**
 * For `node --import`: while the file that CHAOS_UNREADABLE names is there, every read of a CSV file behind its first
 * megabyte fails as on a bad disk.
 */
import { existsSync, readlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';

const FIRST_BAD_BYTE = 1 << 20;

const flag = process.env.CHAOS_UNREADABLE ?? '';
const handle = await open(new URL(import.meta.url));
const prototype = Object.getPrototypeOf(handle) as { read: (...args: unknown[]) => Promise<unknown> };
await handle.close();
const { read } = prototype;

prototype.read = function failing(this: { readonly fd: number }, ...args: unknown[]): Promise<unknown> {
  const position = Number(args[3]);
  const isBad =
    position >= FIRST_BAD_BYTE &&
    existsSync(flag) &&
    readlinkSync(`/proc/self/fd/${this.fd}`).endsWith('.csv');
  if (!isBad) return read.apply(this, args);
  return Promise.reject(
    Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', errno: -5, syscall: 'read' }),
  );
};
