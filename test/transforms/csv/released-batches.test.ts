import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addressOf, allocate, type RowBatch } from '../../../src/rows/index.ts';
import csv from '../../../transforms/csv/index.ts';
import { fakeFile, makeParser, pushBatch } from '../support.ts';

/** All that a batch says of its rows. */
function rowsOf(batch: RowBatch): unknown[] {
  return Array.from({ length: batch.rowCount }, (_, index) => ({
    ...batch.origin(index),
    raw: batch.rawRow(index).toString(),
    cells: batch.isLive(index) ? batch.columns.map((_name, column) => batch.cell(index, column)) : null,
    rejection: batch.rejections.get(index),
  }));
}

interface Run {
  /** Bytes of a chunk. */
  readonly cut: number;
  readonly releases: boolean;
  /** How much room there is around a chunk in the block that comes with it; null for none. */
  readonly room: { readonly before: number; readonly behind: number } | null;
}

function parse(text: string, { cut, releases, room }: Run): unknown[] {
  const all = Buffer.from(text);
  const parser = makeParser(csv).open(fakeFile());
  const rows: unknown[] = [];
  for (let at = 0; at < all.length; at += cut) {
    const bytes = all.subarray(at, at + cut);
    const eof = at + cut >= all.length;
    const batch =
      room === null
        ? pushBatch(parser, bytes, eof)
        : pushBatch(parser, ...inBlock(bytes, eof, room.before, room.behind));
    if (batch === null) continue;
    rows.push(...rowsOf(batch));
    if (releases) batch.release();
  }
  return rows;
}

function inBlock(bytes: Buffer, eof: boolean, before: number, behind: number): [Buffer, boolean, Buffer] {
  const end = before + bytes.length;
  const block = allocate(end + behind).fill('?');
  bytes.copy(block, before);
  return [block.subarray(before, end), eof, block];
}

const line = fc.constantFrom('1,2', 'a,b,c', 'x', '"q,q",2', '"q""q",2', '"open,3', '', 'é,日', '5,6');
const text = fc.array(line, { maxLength: 60 }).map((lines) => `one,two\n${lines.join('\n')}\n`);
const cuts = fc.integer({ min: 1, max: 40 });

it('a batch whose arrays served another before has its own rows and no others', () => {
  fc.assert(
    fc.property(text, cuts, (csvText, cut) => {
      const kept = parse(csvText, { cut, releases: false, room: null });
      expect(parse(csvText, { cut, releases: true, room: null })).toEqual(kept);
    }),
    { numRuns: 500 },
  );
});

it('the block of a chunk without bytes is given back', () => {
  const parser = makeParser(csv).open(fakeFile());
  const [bytes, eof, block] = inBlock(Buffer.alloc(0), false, 300, 300);
  parser.push(bytes, eof, block);
  expect(addressOf(allocate(block.length))).toBe(addressOf(block));
});

it('a batch in the block of its chunk has the same rows, however much room there is', () => {
  const room = fc.record({ before: fc.nat({ max: 30 }), behind: fc.nat({ max: 90 }) });
  fc.assert(
    fc.property(text, cuts, room, (csvText, cut, around) => {
      const expected = parse(csvText, { cut, releases: false, room: null });
      expect(parse(csvText, { cut, releases: true, room: around })).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
