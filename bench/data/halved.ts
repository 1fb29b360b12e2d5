import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  openSync,
  readSync,
  renameSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { belongsTo } from '../../connectors/files/shard.ts';

/** More than a row of any table. */
const ROW_BYTES = 64 * 1024;

/** The same rows in two files, one for each of two tasks, made on first use beside it. No cell may hold a line end. */
export async function halved(path: string): Promise<string[]> {
  const halves = [0, 1].map((taskId) => pathFor(taskId, dirname(path)));
  const [first = '', second = ''] = halves;
  if (!existsSync(second)) {
    const half = Math.floor(statSync(path).size / 2);
    const middle = half + lineEnd(bytesAt(path, half));
    const header = bytesAt(path, 0);
    await copied(path, first, Buffer.alloc(0), { start: 0, end: middle - 1 });
    await copied(path, second, header.subarray(0, lineEnd(header)), { start: middle });
  }
  return halves;
}

/** Files are shared out among tasks by their paths. */
function pathFor(taskId: number, folder: string): string {
  for (let number = 0; ; number++) {
    const path = join(folder, `half-${taskId}-${number}.csv`);
    if (belongsTo(path, { taskId, taskCount: 2 })) return path;
  }
}

function bytesAt(path: string, position: number): Buffer {
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(ROW_BYTES);
  const length = readSync(file, bytes, 0, ROW_BYTES, position);
  closeSync(file);
  return bytes.subarray(0, length);
}

function lineEnd(bytes: Buffer): number {
  return bytes.indexOf('\n') + 1;
}

async function copied(
  path: string,
  target: string,
  header: Buffer,
  range: { start: number; end?: number },
): Promise<void> {
  const draft = `${target}.${process.pid}`;
  const out = createWriteStream(draft);
  out.write(header);
  await pipeline(createReadStream(path, range), out);
  renameSync(draft, target);
}
