import { notDecompressed } from '../source-errors.ts';

/** How much content a compressed file may have. */
export interface DecompressionLimits {
  readonly maxBytes: number;
  /** Bytes of content for each byte of the file, once the content is longer than `ratioFromBytes`. */
  readonly maxRatio: number;
  readonly ratioFromBytes: number;
}

/** gzip and zip make at most 1,032 bytes of one, zstd many thousand; rows of data that differ from each other make some 30. */
export const DEFAULT_LIMITS: DecompressionLimits = {
  maxBytes: 2 ** 40,
  maxRatio: 250,
  ratioFromBytes: 2 ** 30,
};

/** @throws HeadraceError SOURCE_MALFORMED where a file has `position` bytes of content in its first `onDisk` bytes, and may not */
export function requireWithin(
  { maxBytes, maxRatio, ratioFromBytes }: DecompressionLimits,
  path: string,
  position: number,
  onDisk: number,
): void {
  if (position > maxBytes) {
    const what = `has more than ${maxBytes} bytes of content (decompressed.max.bytes)`;
    throw notDecompressed(path, `${what}; raise that if it is meant to be so large`);
  }
  if (position <= ratioFromBytes || position <= maxRatio * onDisk) return;
  const what = `has ${position} bytes of content in its first ${onDisk} bytes, more than ${maxRatio} for one`;
  const mend = 'raise that if its rows are meant to be so much alike';
  throw notDecompressed(path, `${what} (decompressed.max.ratio); ${mend}`);
}
