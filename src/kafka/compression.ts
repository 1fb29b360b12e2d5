import { gunzipSync, gzipSync, zstdDecompressSync } from 'node:zlib';
import { HeadraceError } from '../errors.ts';

/** How the records of a batch are compressed: the values of Kafka's `compression.type` that are written so far. */
export type CompressionCodec = 'none' | 'gzip';

/** The codec's number in the lowest three bits of a batch's attributes (Kafka's message format, magic 2). */
export const CODEC_ATTRIBUTE: Readonly<Record<CompressionCodec, number>> = { none: 0, gzip: 1 };

/** The attribute's names by number, those that cannot be written or read yet included. */
const CODEC_NAMES = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/** Compresses the records of one batch. With 'none' the very same bytes come back. */
export function compress(codec: CompressionCodec, bytes: Uint8Array): Uint8Array {
  return codec === 'gzip' ? gzipSync(bytes) : bytes;
}

/** The records of a batch that others may have written. Throws TOPIC_INVALID for a codec that cannot be read. */
export function decompress(attribute: number, bytes: Uint8Array): Uint8Array {
  switch (attribute) {
    case 0:
      return bytes;
    case 1:
      return gunzipSync(bytes);
    case 4:
      return zstdDecompressSync(bytes);
    default: {
      const name = CODEC_NAMES[attribute] ?? `number ${attribute}`;
      throw new HeadraceError(
        'TOPIC_INVALID',
        `The topic holds batches compressed with ${name}, which Headrace cannot read. Set the topic's compression.type to none, gzip or zstd.`,
      );
    }
  }
}
