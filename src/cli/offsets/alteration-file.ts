import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { HeadraceError, messageOf } from '../../errors.ts';
import { type Alteration, alterationsFrom } from '../../offsets/alterations.ts';

/**
 * Reads what is to be altered from a file, or from standard input for `-`.
 *
 * @throws HeadraceError CONFIG_INVALID with every mistake, a line each
 */
export async function readAlteration(path: string): Promise<readonly Alteration[]> {
  const source = path === '-' ? 'standard input' : path;
  let parsed: unknown;
  try {
    parsed = JSON.parse(path === '-' ? await text(process.stdin) : readFileSync(path, 'utf8'));
  } catch (error) {
    throw new HeadraceError('CONFIG_INVALID', `${source}: ${reasonOf(error)}`, { cause: error });
  }
  const { alterations, mistakes } = alterationsFrom(parsed);
  if (mistakes.length === 0) return alterations;
  throw new HeadraceError('CONFIG_INVALID', mistakes.map((mistake) => `${source}: ${mistake}`).join('\n'));
}

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return `is no JSON: ${error.message}`;
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return isMissing ? 'no such file' : `cannot be read: ${messageOf(error)}`;
}
