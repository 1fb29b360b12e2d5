import { describe, expect, it } from 'vitest';
import { CommittedOffsets } from '../../src/storage/committed-offsets.ts';
import { encodeOffsetKey, encodeOffsetValue } from '../../src/storage/offset-codec.ts';

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
});
