import { describe, expect, it } from 'vitest';
import {
  decodeOffsetKey,
  decodeOffsetValue,
  encodeOffsetKey,
  encodeOffsetValue,
} from '../../src/offsets/offset-codec.ts';

/** Keys that Apache Kafka Connect 4.3.1 wrote. */
const RECORDED = [
  { connector: 'g%pct', text: '["g%pct",{"filename":"/data/golden-in.txt"}]' },
  { connector: 'gtypes', text: '["gtypes",{"filename":"/data/golden-in.txt"}]' },
  { connector: 'g sp é+', text: '["g sp é+",{"filename":"/data/golden-in.txt"}]' },
] as const;

describe('the bytes of the offsets topic', () => {
  it.each(RECORDED)("are Connect's for connector $connector", ({ connector, text }) => {
    const key = encodeOffsetKey(connector, { filename: '/data/golden-in.txt' });
    expect(key.toString()).toBe(text);
    expect(encodeOffsetValue({ position: 14 }).toString()).toBe('{"position":14}');
  });

  it('are read back as they were written', () => {
    const partition = { file: 'sub/a "b".csv', generation: 'f4c85b3d5a7face1' };
    const offset = { position: 2 ** 40, row: 7, eof: true, note: null };
    expect(decodeOffsetKey(encodeOffsetKey('trades', partition))).toEqual({ connector: 'trades', partition });
    expect(decodeOffsetValue(encodeOffsetValue(offset))).toEqual(offset);
  });

  it.each(['', 'null', '{}', '["a"]', '["a",1]', '[1,{}]', '["a",[]]', 'no json'])(
    'that others wrote are passed over: %j',
    (text) => {
      expect(decodeOffsetKey(Buffer.from(text))).toBeNull();
    },
  );
});
