import { HeadraceError } from '../errors.ts';
import type { SourceFile } from '../plugin/index.ts';
import type { BlockParser } from '../rows/index.ts';
import type { SourceBytes } from './source-bytes.ts';

const CHUNK = 64 * 1024;
/** A header that is longer is none. */
const MAX_HEAD = 16 * 1024 * 1024;

/**
 * What stands before the first row of a file: what the parser must see again to read a row from the middle.
 *
 * @throws HeadraceError SOURCE_MALFORMED when the parser finds none
 */
export async function headOf(path: string, bytes: SourceBytes, parser: BlockParser): Promise<Buffer> {
  const fileParser = parser.open(fileAt(path));
  const read: Buffer[] = [];
  for (let position = 0; position < MAX_HEAD; position += CHUNK) {
    const chunk = await bytes.read(position, CHUNK);
    read.push(Buffer.from(chunk));
    const rows = fileParser.push(Buffer.from(chunk), chunk.length < CHUNK);
    if (rows === null) continue;
    const { head } = rows.progress;
    rows.release?.();
    return Buffer.concat(read).subarray(0, head);
  }
  throw new HeadraceError('SOURCE_MALFORMED', `${path}: no header within ${MAX_HEAD} bytes`);
}

/** Whether the parser knows the columns without a file: the feed names them. */
export function needsNoHead(parser: BlockParser): boolean {
  const rows = parser.open(fileAt('empty')).push(Buffer.alloc(0), true);
  if (rows === null) return false;
  rows.release?.();
  return rows.columns.length > 0;
}

function fileAt(path: string): SourceFile {
  return { partition: {}, path, name: path, start: null, size: null, offsetAt: () => ({}) };
}
