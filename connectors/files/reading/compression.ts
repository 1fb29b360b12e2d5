import { isZipArchive, otherFormat, SHORT_HEAD_BYTES } from '../../../src/values/known-formats.ts';
import { notDecompressed } from '../source-errors.ts';
import { type Content, readRange } from './content.ts';

export type Compression = 'gzip' | 'zstd' | 'bzip2' | 'xz';

const NAMES: Record<string, Compression | 'zip'> = {
  gz: 'gzip',
  zst: 'zstd',
  bz2: 'bzip2',
  xz: 'xz',
  zip: 'zip',
};

/** Behind the header of a bzip2 stream begins a block, or its end. */
const BZIP2 = ['\x31\x41\x59\x26\x53\x59', '\x17\x72\x45\x38\x50\x90'].flatMap((begin) =>
  Array.from({ length: 9 }, (_, index) => Buffer.from(`BZh${index + 1}${begin}`, 'latin1')),
);
/** A zstd file may have frames that hold something else than content. */
const ZSTD_SKIPPABLE = Array.from({ length: 16 }, (_, kind) => Buffer.from([0x50 | kind, 0x2a, 0x4d, 0x18]));

/** What a member, frame or stream begins with. */
const MAGIC: Record<Compression, readonly Buffer[]> = {
  gzip: [Buffer.from([0x1f, 0x8b])],
  zstd: [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), ...ZSTD_SKIPPABLE],
  bzip2: BZIP2,
  xz: [Buffer.from('\xfd7zXZ\0', 'latin1')],
};

/**
 * How a file is compressed, by its first bytes, which no text begins with, and else by its name: an empty file called
 * `.gz` is one that was cut short.
 */
export async function compressionOf(path: string, raw: Content): Promise<Compression | 'zip' | null> {
  const head = await readRange(raw, 0, SHORT_HEAD_BYTES);
  if (isZipArchive(head)) return 'zip';
  const byContent = (Object.keys(MAGIC) as Compression[]).find((one) => begins(one, head));
  return byContent ?? NAMES[/\.(gz|zst|bz2|xz|zip)$/i.exec(path)?.[1]?.toLowerCase() ?? ''] ?? null;
}

function begins(compression: Compression, head: Buffer): boolean {
  return MAGIC[compression].some((magic) => head.subarray(0, magic.length).equals(magic));
}

/** Whether a part begins so, as far as bytes are there: what is cut short will be found out. */
export function mayBegin(compression: Compression, head: Buffer): boolean {
  return MAGIC[compression].some((magic) => {
    const length = Math.min(head.length, magic.length);
    return head.subarray(0, length).equals(magic.subarray(0, length));
  });
}

/** A name that ends with .gz makes no gzip file. @throws HeadraceError SOURCE_MALFORMED with what it is */
export async function requireBegin(compression: Compression, raw: Content, path: string): Promise<void> {
  const head = await readRange(raw, 0, SHORT_HEAD_BYTES);
  if (mayBegin(compression, head)) return;
  const other =
    otherFormat(head) ?? `is no ${compression} file, though it is called one; give it its own name`;
  throw notDecompressed(path, other);
}
