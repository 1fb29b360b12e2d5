import { allocate } from '../../src/rows/index.ts';

/** Bytes in memory that kernels reach. */
export interface Text {
  readonly bytes: Buffer;
  /** The bytes, and room for as many behind them. */
  readonly room: Buffer;
  /** The memory that they stand in, to be given back by `release`. */
  readonly block: Buffer;
}

/** A copy of bytes. */
export function textOf(bytes: Uint8Array): Text {
  const block = allocate(2 * bytes.length);
  block.set(bytes);
  return { bytes: block.subarray(0, bytes.length), room: block, block };
}
