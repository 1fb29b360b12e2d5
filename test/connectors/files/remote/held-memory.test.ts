import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { RangeReader } from '../../../../connectors/files/remote/range-reader.ts';

const MIB = 1024 * 1024;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

test('what was read of a file is let go of once the file is closed', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const size = 256 * MIB;
  const source = {
    async *pieces(from: number, to: number) {
      for (let at = from; at < to; at += MIB) yield Buffer.alloc(Math.min(MIB, to - at), 'a');
    },
    read: async (from: number, to: number) => source.pieces(from, to),
  };
  const { signal } = new AbortController();
  const found = { path: 'a', place: 'a', absolute: '/a' };
  const version = { size, mtimeNs: 0n, identity: '', change: '' };
  const reader = new RangeReader({ found, version, source, signal, log: SILENT });
  const into = Buffer.alloc(MIB);
  for (let at = 0; at < size; ) at += await reader.read(into, at);
  await reader.close();
  // What promises hold is free to go only after the jobs that are queued.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(process.memoryUsage().arrayBuffers).toBeLessThan(64 * MIB);
});
