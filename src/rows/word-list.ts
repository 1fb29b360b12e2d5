import { WORD_BYTES } from '../../kernels/lib/sizes.ts';

/** Words among which a kernel finds one (`kernels/lib/words.ts`): their number, and each behind its length in bytes. */
export function wordList(words: readonly string[]): Buffer {
  const list = words.map((word) => Buffer.from(word));
  return Buffer.concat([lengthOf(list), ...list.flatMap((word) => [lengthOf(word), word])]);
}

function lengthOf({ length }: { readonly length: number }): Buffer {
  const bytes = Buffer.alloc(WORD_BYTES);
  bytes.writeUInt32LE(length);
  return bytes;
}
