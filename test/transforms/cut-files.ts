import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { ConfigDefinition, FileStart, ParserPlugin } from '../../src/plugin/index.ts';
import type { RowBatch } from '../../src/rows/index.ts';
import { makeParser, readAll, rowsOf, type SeenRow, startAfter, wholeFile } from './support.ts';

/*
 * What holds for every parser of text: a file's rows do not depend on the chunks that it comes in, nor on where reading
 * goes on.
 */

interface TestFile {
  readonly options: Readonly<Record<string, unknown>>;
  readonly bytes: Buffer;
}

/** Pieces of these sizes, and the rest. */
export function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...pieces, bytes.subarray(at)];
}

/** What a parser makes of a file in pieces; null when one of its lines is so long that it is no file of rows. */
async function read<D extends ConfigDefinition>(
  plugin: ParserPlugin<D>,
  { options, bytes }: TestFile,
  pieces: readonly Buffer[],
  from: FileStart | null = null,
): Promise<RowBatch[] | null> {
  const parser = makeParser(plugin, options).open(wholeFile(bytes, from, 2));
  return readAll(parser, pieces).catch((error: Error) => {
    if (/has no end within|footer\.pattern says/.test(error.message)) return null;
    // Bytes of chance may look like another encoding, and then are no file of rows at all.
    fc.pre(!/looks like UTF-16|set the encoding of/.test(error.message));
    throw error;
  });
}

/** Each byte is in a batch, or in what one skipped, and what is kept of those is theirs. */
function expectEveryByteOnce(batches: readonly RowBatch[], bytes: Buffer): void {
  let at = 0;
  for (const { position, bytes: held, skipped, progress } of batches) {
    expect(position).toBe(at);
    expect(held).toEqual(bytes.subarray(at, at + held.length));
    const rest = bytes.subarray(at + held.length, progress.position);
    expect(skipped?.length ?? 0).toBe(rest.length);
    expect(skipped?.crc32 ?? 0).toBe(crc32(rest));
    expect(skipped?.tail ?? Buffer.alloc(0)).toEqual(rest.subarray(-1024));
    at = progress.position;
  }
  expect(at).toBe(bytes.length);
}

export async function expectSameRowsHoweverCut<D extends ConfigDefinition>(
  plugin: ParserPlugin<D>,
  files: fc.Arbitrary<TestFile>,
  numRuns: number,
): Promise<void> {
  const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(files, sizes, async (file, sizes) => {
      const { bytes } = file;
      const whole = (await read(plugin, file, [bytes])) ?? [];
      for (const pieces of [cut(bytes, sizes), cut(bytes, Array(bytes.length).fill(1))]) {
        const batches = await read(plugin, file, pieces);
        if (batches === null) continue;
        expect(rowsOf(batches)).toEqual(rowsOf(whole));
        expectEveryByteOnce(batches, bytes);
        expect(batches.at(-1)).toMatchObject({ eof: true, progress: whole.at(-1)?.progress });
        expect(batches.slice(0, -1).some(({ eof }) => eof)).toBe(false);
      }
    }),
    { numRuns },
  );
}

/** Interrupts a file at every row, and gives its rows, which are the same when reading goes on there. */
export async function rowsFromEveryRow<D extends ConfigDefinition>(
  plugin: ParserPlugin<D>,
  file: TestFile,
): Promise<SeenRow[]> {
  const { bytes } = file;
  const whole = (await read(plugin, file, [bytes])) ?? [];
  const batches = (await read(plugin, file, cut(bytes, Array(bytes.length).fill(1)))) ?? [];
  expect(rowsOf(batches)).toEqual(rowsOf(whole));
  expectEveryByteOnce(batches, bytes);
  for (const [i, batch] of batches.slice(0, -1).entries()) {
    const from = startAfter(batch, bytes);
    const rest = await read(plugin, file, [bytes.subarray(batch.progress.position)], from);
    expect(rowsOf(rest ?? [])).toEqual(rowsOf(batches.slice(i + 1)));
    expect(rest?.at(-1)?.progress).toEqual(whole.at(-1)?.progress);
  }
  return rowsOf(whole);
}

export async function expectSameRowsFromAnyBatch<D extends ConfigDefinition>(
  plugin: ParserPlugin<D>,
  files: fc.Arbitrary<TestFile>,
  numRuns: number,
): Promise<void> {
  const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(files, sizes, async (file, sizes) => {
      const { bytes } = file;
      const batches = (await read(plugin, file, cut(bytes, sizes))) ?? [];
      for (const [i, batch] of batches.slice(0, -1).entries()) {
        const from = startAfter(batch, bytes);
        const rest = await read(plugin, file, [bytes.subarray(batch.progress.position)], from);
        expect(rowsOf(rest ?? [])).toEqual(rowsOf(batches.slice(i + 1)));
        expect(rest?.at(-1)?.progress).toEqual(batches.at(-1)?.progress);
      }
    }),
    { numRuns },
  );
}
