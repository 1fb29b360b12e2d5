import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, RowError } from '../plugin/index.ts';

/** In place of a message that may have values of a row in it. */
export const UNKNOWN_REASON = 'the dead-letter queue has the reason';

const LONGEST_FRAME = 8192;
const FRAME = /^ {4}at .*?\(?((?:file:\/\/)?\/[^()]+):(\d+):(\d+)\)?$/;

/**
 * Where in a plugin's own code an error was made: `/plugins/ticker.ts:12:9`; null when its stack does not lead there.
 *
 * @param modulePath the plugin's file; what lies beside it or below is its own code as well, packages are not
 */
function thrownAt(error: unknown, modulePath: string | null): string | null {
  if (modulePath === null || !(error instanceof Error) || typeof error.stack !== 'string') return null;
  const folder = dirname(modulePath) + sep;
  for (const line of error.stack.split('\n')) {
    // A message, which stands in it too, may be as long as a row.
    if (line.length > LONGEST_FRAME) continue;
    const [, file, row, column] = FRAME.exec(line) ?? [];
    if (file === undefined) continue;
    const path = file.startsWith('file://') ? fileURLToPath(file) : file;
    const isOwn =
      path === modulePath || (path.startsWith(folder) && !path.slice(folder.length).includes('node_modules'));
    if (isOwn) return `${path}:${row}:${column}`;
  }
  return null;
}

/** What was thrown, for people: `Cannot read properties of undefined (TypeError at /plugins/ticker.ts:12:9)`. A RowError is meant for the row, and needs no place. */
export function thrownText(error: unknown, modulePath: string | null): string {
  const message = messageOf(error);
  const at = error instanceof RowError ? null : thrownAt(error, modulePath);
  return at === null ? message : `${message} (${(error as Error).name} at ${at})`;
}

/**
 * The same without values of the row; undefined where it has none. What our own plugins throw without saying so has none;
 * of others nobody knows.
 */
export function thrownMasked(error: unknown, modulePath: string | null): string | undefined {
  if (error instanceof RowError && (error.masked !== undefined || modulePath === null)) return error.masked;
  const at = error instanceof RowError ? null : thrownAt(error, modulePath);
  return at === null ? UNKNOWN_REASON : `${UNKNOWN_REASON}, thrown at ${at}`;
}
