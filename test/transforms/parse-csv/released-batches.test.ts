import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RecordBatch } from '../../../src/plugin/index.ts';
import csv from '../../../transforms/parse-csv/index.ts';
import { fakeFile, makeParser } from '../support.ts';

/** All that a batch says of its rows. */
function rowsOf(batch: RecordBatch): unknown[] {
  return Array.from({ length: batch.rowCount }, (_, index) => ({
    ...batch.origin(index),
    raw: batch.rawRow(index).toString(),
    cells: batch.isLive(index) ? batch.columns.map((_name, column) => batch.cell(index, column)) : null,
    rejection: batch.rejections.get(index),
  }));
}

function parse(text: string, cut: number, release: boolean): unknown[] {
  const bytes = Buffer.from(text);
  const parser = makeParser(csv).open(fakeFile());
  const rows: unknown[] = [];
  for (let at = 0; at < bytes.length; at += cut) {
    const batch = parser.push(bytes.subarray(at, at + cut), at + cut >= bytes.length);
    if (batch === null) continue;
    rows.push(...rowsOf(batch));
    if (release) batch.release();
  }
  return rows;
}

it('a batch whose arrays served another before has its own rows and no others', () => {
  const line = fc.constantFrom('1,2', 'a,b,c', 'x', '"q,q",2', '"open,3', '', 'é,日', '5,6');
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (lines, cut) => {
      const text = `one,two\n${lines.join('\n')}\n`;
      expect(parse(text, cut, true)).toEqual(parse(text, cut, false));
    }),
    { numRuns: 500 },
  );
});
