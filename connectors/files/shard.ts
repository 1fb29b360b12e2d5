import { crc32 } from 'node:zlib';

/** Whether a path belongs to a task. By its name alone, so that it stays so whatever else comes and goes. */
export function belongsTo(
  path: string,
  { taskId, taskCount }: { taskId: number; taskCount: number },
): boolean {
  return crc32(path) % taskCount === taskId;
}
