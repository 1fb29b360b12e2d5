import type { TextDecoding } from './decoding.ts';
import { CR, LF } from './lines.ts';

/** For formats whose cells may hold what ends lines elsewhere. */
export const lineEndOption = {
  lineEnd: {
    doc: `What ends a line: LF, CRLF or CR (\`any\`), or one of them alone: \`lf\`, \`crlf\`, \`cr\`. The others are text then, in cells \
without quotes too.`,
    format: ['any', 'lf', 'crlf', 'cr'],
    default: 'any',
  },
} as const;

export type LineEnd = 'any' | 'lf' | 'crlf' | 'cr';

/** Stand for a CR and a LF that are text: no text has these bytes in UTF-8, and decodings count them as one character. */
const CR_AS_TEXT = 0xc0;
const LF_AS_TEXT = 0xc1;

/** Gives text in which only what ends a line looks like it. */
export function withLineEnd(decoding: TextDecoding, lineEnd: LineEnd): TextDecoding {
  if (lineEnd === 'any') return decoding;
  return {
    ...decoding,
    toUtf8(bytes, eof) {
      const text = Buffer.from(decoding.toUtf8(bytes, eof));
      hideOthers(text, lineEnd, eof);
      return text;
    },
  };
}

function hideOthers(text: Buffer, lineEnd: Exclude<LineEnd, 'any'>, eof: boolean): void {
  if (lineEnd !== 'cr') {
    for (let at = text.indexOf(CR); at >= 0; at = text.indexOf(CR, at + 1)) {
      // The other half may be yet to come.
      const mayEnd = lineEnd === 'crlf' && (text[at + 1] === LF || (at + 1 === text.length && !eof));
      if (!mayEnd) text[at] = CR_AS_TEXT;
    }
  }
  if (lineEnd === 'lf') return;
  for (let at = text.indexOf(LF); at >= 0; at = text.indexOf(LF, at + 1))
    if (lineEnd === 'cr' || text[at - 1] !== CR) text[at] = LF_AS_TEXT;
}

/** Makes of text that was split what stands in the file. */
export function showOthers(text: Buffer): void {
  for (let at = text.indexOf(CR_AS_TEXT); at >= 0; at = text.indexOf(CR_AS_TEXT, at + 1)) text[at] = CR;
  for (let at = text.indexOf(LF_AS_TEXT); at >= 0; at = text.indexOf(LF_AS_TEXT, at + 1)) text[at] = LF;
}

export function hidesLineEnd(text: Uint8Array): boolean {
  return text.includes(CR_AS_TEXT) || text.includes(LF_AS_TEXT);
}
