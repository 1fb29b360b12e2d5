import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What is not there yet is where the folder above it is. */
export function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realPathOf(above), basename(path));
  }
}
