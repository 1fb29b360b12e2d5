import code from '#kernels/compress-lz4';
import {
  BLOCK_BYTES,
  BLOCK_OVERHEAD,
  FRAME_BYTES,
  TABLE_BYTES,
} from '../../../../kernels/compress-lz4/layout.ts';
import { addressOf, allocate, loadKernel, release } from '../../../rows/index.ts';
import type { Codec } from './codec.ts';
import { lazyLibrary } from './library.ts';

interface Kernel {
  compressFrame(from: number, length: number, to: number, table: number): number;
}

const library = lazyLibrary<typeof import('lz4-napi')>('lz4-napi', 'lz4');

/** Where frames are written, again and again, and the kernel's table behind them. */
let scratch: Buffer = Buffer.alloc(0);

/**
 * The LZ4 frame format (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md), of which Kafka's Java code reads
 * a part: blocks must be independent. No checksum of the content is written: the batch has its own, and Kafka differs from
 * the format in it (KAFKA-20528). Records where kernels reach them are compressed there, in half the time that the library
 * takes, which copies them and leaves memory to be collected; others, and what is read, by the library.
 */
export const LZ4: Codec = {
  attribute: 3,
  prepare: () => {
    library();
  },
  compress: (records) => compressed(records) ?? library().compressFrameSync(records),
  decompress: (packed) => library().decompressFrameSync(packed),
};

/** null where kernels do not reach. The next call writes over it. */
function compressed(records: Buffer): Buffer | null {
  const from = addressOf(records);
  if (from === 0) return null;
  const blocks = Math.ceil(records.length / BLOCK_BYTES);
  const most = FRAME_BYTES + records.length + blocks * BLOCK_OVERHEAD;
  if (scratch.length < TABLE_BYTES + most) {
    release(scratch);
    scratch = allocate(TABLE_BYTES + most);
  }
  const table = addressOf(scratch);
  if (table === 0) return null;
  const to = table + TABLE_BYTES;
  const end = loadKernel<Kernel>(code).compressFrame(from, records.length, to, table);
  return scratch.subarray(TABLE_BYTES, end - table);
}
