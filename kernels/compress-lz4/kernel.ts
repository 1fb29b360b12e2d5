import { copy } from '../lib/lanes.ts';
import { compressBlock } from './block.ts';
import { BLOCK_BYTES, HEADER_BYTES, LENGTH_BYTES } from './layout.ts';

const MAGIC: u32 = 0x184d2204;
/** Version 1, independent blocks; blocks of 64 KiB at most; the checksum of these two bytes. */
const DESCRIPTOR: u32 = 0x824060;
/** In the length of a block that is not compressed. */
const STORED: u32 = 0x80000000;

/** Compresses `length` bytes at `from` to a frame at `to`, and gives its end. `table` may have anything in it. */
export function compressFrame(from: usize, length: usize, to: usize, table: usize): usize {
  store<u32>(to, MAGIC);
  store<u32>(to, DESCRIPTOR, 4);
  let at = to + HEADER_BYTES;
  const end = from + length;
  for (let block = from; block < end; block += BLOCK_BYTES) {
    const size: usize = min(<usize>BLOCK_BYTES, end - block);
    const start = at + LENGTH_BYTES;
    const blockEnd = compressBlock(block, size, start, table);
    const packed = blockEnd - start;
    if (packed < size) {
      store<u32>(at, <u32>packed);
      at = blockEnd;
    } else {
      store<u32>(at, <u32>size | STORED);
      at = copy(start, block, size);
    }
  }
  store<u32>(at, 0);
  return at + LENGTH_BYTES;
}
