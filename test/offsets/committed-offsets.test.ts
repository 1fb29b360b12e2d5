import { describe, expect, it } from 'vitest';
import { CommittedOffsets } from '../../src/offsets/committed-offsets.ts';
import { encodeOffsetKey, encodeOffsetValue, versionHeaders } from '../../src/offsets/offset-codec.ts';

const A = { file: 'a.csv', generation: '1' };

function offsets(...records: [connector: string, partition: typeof A, position: number | null][]) {
  const committed = new CommittedOffsets('trades');
  for (const [connector, partition, position] of records) {
    const value = position === null ? null : encodeOffsetValue({ position });
    committed.apply(encodeOffsetKey(connector, partition), value);
  }
  return committed;
}

describe('committed offsets', () => {
  it('are the last of each source partition', () => {
    const committed = offsets(['trades', A, 1], ['trades', { ...A, generation: '2' }, 5], ['trades', A, 9]);
    expect(committed.offset(A)).toEqual({ position: 9 });
    expect(committed.offset({ generation: '1', file: 'a.csv' })).toEqual({ position: 9 });
  });

  it('leave out other connectors', () => {
    expect(offsets(['quotes', A, 1]).offset(A)).toBeUndefined();
  });

  it('are forgotten by a tombstone', () => {
    expect(offsets(['trades', A, 1], ['trades', A, null]).offset(A)).toBeUndefined();
  });

  it('are found by some of their properties', () => {
    const committed = offsets(
      ['trades', A, 1],
      ['trades', { ...A, generation: '2' }, 2],
      ['trades', { file: 'b.csv', generation: '1' }, 3],
    );
    expect([...committed.find({ file: 'a.csv' })].map(({ offset }) => offset.position)).toEqual([1, 2]);
  });

  const V = (version: number) => ({ headers: versionHeaders(version) });
  const key = encodeOffsetKey('trades', A);
  const at = (position: number) => encodeOffsetValue({ position });

  it.each([
    ['first', [0, 1]],
    ['last', [1, 0]],
  ])('are the newest by their version when the older is read %s, in another partition', (_, order) => {
    const records = [
      { partition: 1, value: at(90), ...V(3) },
      { partition: 0, value: at(10), ...V(7) },
    ];
    const committed = new CommittedOffsets('trades');
    for (const index of order) {
      const record = records[index] as (typeof records)[number];
      committed.apply(key, record.value, record);
    }
    expect(committed.offset(A)).toEqual({ position: 10 });
    expect([...committed.partitionsOf(A)].sort()).toEqual([0, 1]);
    expect(committed.nextVersion()).toBe(8);
  });

  it.each([
    ['first', [2, 26]],
    ['last', [26, 2]],
  ])(
    'are those further in the file where there are no versions, with the older in partition read %s',
    (_, [one, other]) => {
      const committed = new CommittedOffsets('trades');
      const records = [one, other].sort((a, b) => Number(a) - Number(b));
      for (const partition of records)
        committed.apply(key, at(partition === one ? 500 : 900), { partition: partition as number });
      expect(committed.offset(A)).toEqual({ position: 900 });
    },
  );

  it('are forgotten where a tombstone lies in each partition, and not by one in another', () => {
    const committed = new CommittedOffsets('trades');
    committed.apply(key, at(5), { partition: 0, ...V(1) });
    committed.apply(key, at(6), { partition: 1, ...V(2) });
    committed.apply(key, null, { partition: 2 });
    expect(committed.offset(A)).toEqual({ position: 6 });
    for (const partition of committed.partitionsOf(A)) committed.apply(key, null, { partition });
    expect(committed.offset(A)).toBeUndefined();
  });

  it('are those that a task has written since, and its tombstones tell which files are forgotten', () => {
    const committed = offsets(['trades', A, 1], ['trades', { ...A, generation: '2' }, 2]);
    const B = { file: 'b.csv', generation: '1' };
    const write = { key: encodeOffsetKey('trades', B), value: at(7), partition: 4 };
    expect(committed.commit([write])).toEqual([]);
    expect(committed.offset(B)).toEqual({ position: 7 });
    expect(committed.commit(committed.tombstonesOf(A))).toEqual([]);
    const last = [...committed.tombstonesOf({ ...A, generation: '2' }), ...committed.tombstonesOf(B)];
    expect(last).toMatchObject([
      { partition: 0, value: null },
      { partition: 4, value: null },
    ]);
    expect(committed.commit(last)).toEqual(['a.csv', 'b.csv']);
    expect(committed.isEmpty).toBe(true);
    expect(committed.tombstonesOf(A)).toEqual([]);
  });

  it.each(['{"position":', '[1]', '7', ''])('that are %j are an error, not forgotten', (text) => {
    const committed = new CommittedOffsets('trades');
    committed.apply(key, at(5), { partition: 0, ...V(9) });
    committed.apply(key, Buffer.from(text), { partition: 1 });
    expect(() => committed.offset(A)).toThrow(/headrace offsets reset trades/);
    expect([...committed.find({ file: 'a.csv' })].map(({ offset }) => offset)).toEqual([
      { unreadable: text },
    ]);
  });
});
