import { crc32 } from 'node:zlib';

/** Whether a path belongs to a task. By its name alone, so that it stays so whatever else comes and goes. */
export function belongsTo(path: string, task: { taskId: number; taskCount: number }): boolean {
  // Names in a folder are much alike, and so are the low bits of their CRCs: multiply, and divide by the high bits.
  const spread = Math.imul(crc32(path), 0x9e3779b1) >>> 0;
  return Math.floor((spread / 2 ** 32) * task.taskCount) === task.taskId;
}
