import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { HeadraceError } from '../../errors.ts';
import type { Codec } from './compression/codec.ts';
import { LZ4 } from './compression/lz4.ts';
import { SNAPPY } from './compression/snappy.ts';

/** How the records of a batch are compressed: the values of Kafka's `compression.type`. */
export type CompressionCodec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

/** gzip and zstd at the levels that Kafka's clients take when they are told none, 6 and 3: zlib's own as well. */
const CODECS: Readonly<Record<CompressionCodec, Codec>> = {
  none: { attribute: 0, compress: (records) => records, decompress: (packed) => packed },
  gzip: {
    attribute: 1,
    compress: (records) => gzipSync(records),
    decompress: (packed) => gunzipSync(packed),
  },
  snappy: SNAPPY,
  lz4: LZ4,
  zstd: {
    attribute: 4,
    compress: (records) => zstdCompressSync(records),
    decompress: (packed) => zstdDecompressSync(packed),
  },
};

const BY_ATTRIBUTE = new Map(
  Object.entries(CODECS).map(([name, codec]) => [codec.attribute, { name, codec }]),
);

/** The codec's number in the lowest three bits of a batch's attributes (Kafka's message format, magic 2). */
export function codecAttribute(codec: CompressionCodec): number {
  return CODECS[codec].attribute;
}

/**
 * Loads the codec's library now rather than with the first batch. Throws CONFIG_INVALID when it cannot be loaded,
 * as `compress` and `decompress` do.
 */
export function prepareCodec(codec: CompressionCodec): void {
  CODECS[codec].prepare?.();
}

/** Compresses the records of one batch. With 'none' the very same bytes come back; what others give the next call may write over. */
export function compress(codec: CompressionCodec, records: Buffer): Buffer {
  return CODECS[codec].compress(records);
}

/**
 * The records of a batch that others may have written. Throws TOPIC_INVALID for a codec that is not known and for bytes
 * that are not in its format.
 */
export function decompress(attribute: number, packed: Buffer): Buffer {
  const known = BY_ATTRIBUTE.get(attribute);
  if (known === undefined) {
    const message = `The topic holds batches whose compression has number ${attribute}, which Headrace cannot read. Set the topic's compression.type to ${Object.keys(CODECS).join(', ')} or producer.`;
    throw new HeadraceError('TOPIC_INVALID', message);
  }
  try {
    return known.codec.decompress(packed);
  } catch (error) {
    if (error instanceof HeadraceError) throw error;
    const message = `The topic holds a batch whose records should be compressed with ${known.name} and are not. Whoever wrote it must write it again.`;
    throw new HeadraceError('TOPIC_INVALID', message, { cause: error });
  }
}
