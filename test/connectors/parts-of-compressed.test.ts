import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Content } from '../../connectors/files/reading/content.ts';
import { DecodedStreams } from '../../connectors/files/reading/decoded-streams.ts';
import type { Decompression } from '../../connectors/files/reading/decompressed-content.ts';
import { Members } from '../../connectors/files/reading/members.ts';
import { bzip2Of, xzOf } from './compressors.ts';
import { lines, text } from './drop-folder.ts';

/** Longer than what a decompressor gives at a time, and no multiple of it. */
const PARTS = [lines(27_000), lines(31)].map(text) as [string, string];
const PADDINGS = [0, 4, 20_000];

const KINDS = [
  { name: 'gzip', compress: (content: string): Buffer => gzipSync(content) },
  { name: 'zstd', compress: (content: string): Buffer => zstdCompressSync(content) },
  { name: 'bzip2', compress: (content: string): Buffer => bzip2Of(content, 1) },
  { name: 'xz', compress: (content: string): Buffer => xzOf(content) },
] as const;
type Kind = (typeof KINDS)[number]['name'];

/** A file whose reads end at `bounds`. */
function readTo(bounds: readonly number[], file: Buffer): Content {
  return {
    async *read(from, to = file.length) {
      const end = Math.min(to, file.length);
      const inside = new Set(bounds.filter((bound) => bound > from && bound < end));
      let position = from;
      for (const bound of [...inside, end].sort((a, b) => a - b)) {
        if (bound > position) yield Buffer.from(file.subarray(position, bound));
        position = bound;
      }
    },
    async *pieces() {},
  };
}

function decompressionOf(kind: Kind, raw: Content): Decompression {
  return kind === 'gzip' || kind === 'zstd'
    ? new Members(raw, kind, 'a')
    : new DecodedStreams(raw, kind, 'a');
}

/** The content, by someone who takes `ms` for each piece of it. */
async function contentOf(decompression: Decompression, ms: number): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const bytes of decompression.content(0)) {
    pieces.push(bytes);
    await sleep(ms);
  }
  return Buffer.concat(pieces).toString();
}

for (const { name, compress } of KINDS) {
  const [one, two] = PARTS.map(compress) as [Buffer, Buffer];

  test.each(PADDINGS)(
    `${name}: parts come whole, however late they are taken, where a read ends at or about their ends (padding %i)`,
    async (padding) => {
      const file = Buffer.concat([one, Buffer.alloc(padding), two, Buffer.alloc(padding)]);
      const second = one.length + padding;
      const ends = [one.length, second, second + two.length].flatMap((end) =>
        [-1, 0, 1, 2].map((beside) => end + beside),
      );
      for (const bounds of [...ends.map((end) => [end]), [one.length, second], ends]) {
        for (const ms of [0, 2]) {
          const decompression = decompressionOf(name, readTo(bounds, file));
          expect(await contentOf(decompression, ms), `bounds ${bounds}`).toBe(PARTS.join(''));
          expect(decompression.diskPosition).toBeLessThanOrEqual(file.length);
        }
      }
    },
  );

  test(`${name}: parts come whole, wherever reads end`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 40 })),
        fc.constantFrom(...PADDINGS),
        fc.nat({ max: 1 }),
        async (steps, padding, ms) => {
          const small = ['1\n2\n', '3\n', ''].map(compress);
          const file = Buffer.concat(small.flatMap((part) => [part, Buffer.alloc(padding)]));
          let bound = 0;
          const bounds = steps.map((step) => (bound += step));
          expect(await contentOf(decompressionOf(name, readTo(bounds, file)), ms)).toBe('1\n2\n3\n');
        },
      ),
      { numRuns: 60 },
    );
  });

  test(`${name}: what stands behind the last part is told, wherever reads end`, async () => {
    for (const padding of PADDINGS) {
      const end = one.length + padding;
      const file = Buffer.concat([one, Buffer.alloc(padding), Buffer.from('and some more')]);
      for (const bounds of [[], [one.length], [end], [one.length, end], [end + 1]]) {
        await expect(contentOf(decompressionOf(name, readTo(bounds, file)), 2)).rejects.toThrow(
          `"a" goes on behind the end of its ${name} data with what is none`,
        );
      }
    }
  });
}
