import { describe, expect, it } from 'vitest';
import { encodeOffsetKey, encodeOffsetValue, versionHeaders } from '../../src/offsets/offset-codec.ts';
import { OffsetTable } from '../../src/offsets/offset-table.ts';
import type { SourceOffset, SourcePartition } from '../../src/plugin/index.ts';

/** Names that JSON writes in another way than they are, or that are much like each other. */
const NAMES = ['a.csv', 'b.csv', 'asx/2026/a "b".csv', 'c\\d.csv', 'ä€😀.csv', '\ud800.csv', '', 'a.csv\n'];

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function offsetAt(position: number): SourceOffset {
  return {
    position,
    row: position / 7,
    crc32: 4294967295 - position,
    fingerprint: `0${position.toString(16).padStart(15, '0')}`,
    change: `176448201234567890${position}`,
    eof: position % 2 === 0,
    failed: position % 3 === 0 ? 'it is of another kind' : null,
  };
}

describe('an offset table', () => {
  it('gives back what a plain map would, whatever is written, replaced and taken away in which order', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const random = seeded(seed);
      const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)] as T;
      const table = new OffsetTable('trades');
      const model = new Map<string, { partition: SourcePartition; offset: SourceOffset }>();
      for (let step = 0; step < 2000; step++) {
        const connector = pick(['trades', 'trades', 'trades', 'quotes', 'trade']);
        const partition = { file: pick(NAMES), generation: String(Math.floor(random() * 30)) };
        const key = encodeOffsetKey(connector, partition);
        const isTombstone = random() < 0.2;
        const offset = offsetAt(Math.floor(random() * 1e6));
        const record = { partition: 3, headers: versionHeaders(step + 1) };
        table.apply({ ...record, key, value: isTombstone ? null : encodeOffsetValue(offset) });
        if (connector !== 'trades') continue;
        if (isTombstone) model.delete(String(key));
        else model.set(String(key), { partition, offset });
      }
      const all = [...table.all()].map(({ key, partition, offset }) => [String(key), { partition, offset }]);
      expect(new Map(all as [string, never][])).toEqual(model);
      expect(table.isEmpty).toBe(model.size === 0);
      for (const { partition, offset } of model.values()) {
        expect(table.find('trades', partition)?.offset).toEqual(offset);
        const { file, generation } = partition;
        expect(table.find('trades', { generation, file } as SourcePartition)?.offset).toEqual(offset);
      }
      for (const file of NAMES) {
        const own = [...model.values()].filter(({ partition }) => partition.file === file);
        const found = table.ofFile('trades', file).map(({ partition, offset }) => ({ partition, offset }));
        expect(found).toHaveLength(own.length);
        expect(found).toEqual(expect.arrayContaining(own));
      }
    }
  });

  it('holds the last of an offset that was written a hundred thousand times, in the room of a few', () => {
    const table = new OffsetTable('trades');
    const key = encodeOffsetKey('trades', { file: 'large.csv', generation: '1' });
    const other = encodeOffsetKey('trades', { file: 'small.csv', generation: '1' });
    table.apply({ partition: 0, key: other, value: encodeOffsetValue(offsetAt(1)) });
    for (let position = 0; position < 100_000; position++)
      table.apply({ partition: 0, key, value: encodeOffsetValue(offsetAt(position)) });
    expect(table.of('trades').map(({ offset }) => offset)).toEqual([offsetAt(99_999), offsetAt(1)]);
    expect(table.bytes).toBeLessThan(8 * 2 ** 20);
  });

  it('takes a value that is longer than anything around it', () => {
    const table = new OffsetTable('trades');
    const partitions = [1, 2, 3].map((number) => ({ file: `${number}.csv`, generation: 'g' }));
    const offsets = ['short', 'long '.repeat(100_000), 'short again'].map((failed) => ({ failed }));
    for (const [index, partition] of partitions.entries()) {
      const value = encodeOffsetValue(offsets[index] as SourceOffset);
      table.apply({ partition: 0, key: encodeOffsetKey('trades', partition), value });
    }
    expect(partitions.map((partition) => table.find('trades', partition)?.offset)).toEqual(offsets);
  });

  it('passes over keys that are none, whoever wrote them', () => {
    const table = new OffsetTable('trades');
    for (const key of [
      '',
      '[',
      '["trades"',
      '["trades",{}',
      '{}',
      '["trades",7]',
      '["trades",{"file":"a.csv"',
    ])
      table.apply({ partition: 0, key: Buffer.from(key), value: encodeOffsetValue({ position: 1 }) });
    table.apply({ partition: 0, key: null, value: encodeOffsetValue({ position: 1 }) });
    expect(table.of('trades')).toEqual([]);
    table.apply({
      partition: 0,
      key: Buffer.from('[ "trades", { "generation": "1", "file": "a.csv" } ]'),
      value: encodeOffsetValue({ position: 5 }),
    });
    expect(table.find('trades', { file: 'a.csv', generation: '1' })?.offset).toEqual({ position: 5 });
    expect(table.ofFile('trades', 'a.csv')).toHaveLength(1);
  });

  it('keeps the offsets of every connector apart where it is asked for all', () => {
    const table = new OffsetTable();
    for (const connector of ['quotes', 'trades'])
      table.apply({
        partition: 0,
        key: encodeOffsetKey(connector, { file: 'a.csv', generation: '1' }),
        value: encodeOffsetValue({ position: connector.length }),
      });
    expect(table.connectors()).toEqual(['quotes', 'trades']);
    expect(table.of('quotes').map(({ connector }) => connector)).toEqual(['quotes']);
    table.apply({
      partition: 0,
      key: encodeOffsetKey('quotes', { file: 'a.csv', generation: '1' }),
      value: null,
    });
    expect(table.connectors()).toEqual(['trades']);
  });
});
