import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bunzip2 } from '../../../../connectors/files/reading/bzip2/bunzip2.ts';
import { Damaged, NoStream } from '../../../../connectors/files/reading/damaged.ts';
import { bzip2Of } from '../../compressors.ts';

async function unpacked(file: Buffer, pieceBytes = file.length): Promise<Buffer> {
  async function* pieces() {
    for (let at = 0; at < file.length; at += pieceBytes) yield file.subarray(at, at + pieceBytes);
  }
  const decoder = new Bunzip2(pieces());
  const all: Buffer[] = [];
  for await (const bytes of decoder.content()) all.push(bytes);
  expect(decoder.used).toBe(file.length);
  return Buffer.concat(all);
}

/** Texts with what bzip2 treats in its own way: runs, all bytes, and hardly any. */
const text = fc
  .array(
    fc.oneof(
      fc.tuple(fc.nat(255), fc.nat(1200)).map(([byte, times]) => Buffer.alloc(times, byte)),
      fc.nat(5000).map((length) => randomBytes(length)),
      fc.nat(300).map((rows) => Buffer.from('BHP,41.25,100\n'.repeat(rows))),
      fc.constant(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))),
    ),
    { maxLength: 30 },
  )
  .map((parts) => Buffer.concat(parts));

test('what bzip2 packs comes out as it was, in whatever pieces the file is read', async () => {
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 5000 }),
      async (content, level, piece) => {
        expect((await unpacked(bzip2Of(content, level), piece)).equals(content)).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});

test('blocks that are full, and one whose runs are fifty times as long as the block', async () => {
  const content = Buffer.concat([randomBytes(1_000_000), Buffer.alloc(50_000_000), randomBytes(200_000)]);
  for (const level of [1, 9]) {
    expect((await unpacked(bzip2Of(content, level))).equals(content)).toBe(true);
  }
});

test('a bit that was changed is found, or changes nothing, wherever it stands', async () => {
  const content = Buffer.from('BHP,41.25,100\nRIO,118.4,7\n'.repeat(100));
  const file = bzip2Of(content);
  for (let at = 0; at < file.length; at++) {
    for (const bit of [0, 3, 7]) {
      const changed = Buffer.from(file);
      changed[at] = (changed[at] as number) ^ (1 << bit);
      const outcome = await unpacked(changed).catch((error: unknown) => error);
      // Not all that is in a file counts: a table of codes may be there that no group uses.
      if (Buffer.isBuffer(outcome)) expect(outcome.equals(content)).toBe(true);
      else expect(outcome instanceof Damaged || outcome instanceof NoStream).toBe(true);
    }
  }
});

test('a file that is cut short anywhere is found to be', async () => {
  const file = bzip2Of('BHP,41.25,100\n');
  for (let length = 0; length < file.length; length++) {
    await expect(unpacked(file.subarray(0, length))).rejects.toThrow('unexpected end of file');
  }
});
