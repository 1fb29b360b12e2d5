import { createReadStream, createWriteStream, existsSync, renameSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** The same file compressed, made on first use beside it. */
export async function gzipped(path: string): Promise<string> {
  const target = `${path}.gz`;
  if (existsSync(target)) return target;
  const draft = `${target}.${process.pid}`;
  await pipeline(createReadStream(path), createGzip(), createWriteStream(draft));
  renameSync(draft, target);
  return target;
}
