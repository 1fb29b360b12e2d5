import type { FileParser, FileStart, ParsedRows, SourceFile } from '../plugin/index.ts';
import { PluginFault, type PluginUse } from '../plugin-calls/plugin-use.ts';
import { parsedRowsMistake } from '../runtime/stages/parsed-rows-mistake.ts';
import { FILE } from './test-file.ts';

const LOOK_AHEAD_BYTES = 1024;

/** A file that is all there, from where it is to be read on. */
export function fileOf(content: Buffer, start: FileStart | null = null): SourceFile {
  return {
    ...FILE,
    start,
    size: content.length,
    async *lookAhead(from) {
      for (let at = from; at < content.length; at += LOOK_AHEAD_BYTES)
        yield content.subarray(at, at + LOOK_AHEAD_BYTES);
    },
  };
}

/**
 * The rows that a parser gives of the pieces of a file, with looks ahead where it wants them.
 *
 * @throws PluginFault when they are not what a parser may give; what it throws itself of a file that it gives up
 */
export async function* parsedPieces(
  use: PluginUse,
  parser: FileParser,
  pieces: readonly Buffer[],
): AsyncGenerator<ParsedRows> {
  for (const [index, piece] of pieces.entries()) {
    const eof = index === pieces.length - 1;
    // A copy, as a parser may keep its chunk and others may not see it change.
    let last = parser.push(Buffer.from(piece), eof);
    for await (const rows of parser.rest?.() ?? []) {
      if (last !== null) yield held(use, last, false);
      last = rows;
    }
    if (last !== null || eof) yield held(use, last, eof);
  }
}

function held(use: PluginUse, given: ParsedRows | null, eof: boolean): ParsedRows {
  const mistake = parsedRowsMistake(given, eof);
  if (mistake !== null) throw new PluginFault(use, `push gave ${mistake}`);
  return given as ParsedRows;
}
