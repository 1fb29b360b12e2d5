import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipMember {
  readonly name: string;
  readonly content: string;
  /** 0 stores, 8 deflates (the default). */
  readonly method?: number;
  readonly isEncrypted?: boolean;
  /** Another than that of its content. */
  readonly crc?: number;
}

/** A zip archive (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT), by its local headers, its directory and its end. */
export function zipOf(members: readonly ZipMember[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const { name, content, method = 8 } = member;
    const bytes = Buffer.from(content);
    const packed = method === 0 ? bytes : deflateRawSync(bytes);
    const facts = factsOf(member, bytes, packed.length);
    const local = Buffer.concat([u32(0x04034b50), facts, u16(0), Buffer.from(name), packed]);
    const ends = [u16(0), u16(0), u16(0), u16(0), u32(0), u32(offset)];
    directory.push(Buffer.concat([u32(0x02014b50), u16(20), facts, ...ends, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  const count = u16(members.length);
  const end = [u32(0x06054b50), u16(0), u16(0), count, count, u32(entries.length), u32(offset), u16(0)];
  return Buffer.concat([...locals, entries, ...end]);
}

function factsOf(
  { name, method = 8, isEncrypted = false, crc }: ZipMember,
  bytes: Buffer,
  size: number,
): Buffer {
  const sizes = [u32(crc ?? crc32(bytes)), u32(size), u32(bytes.length)];
  const time = u32(0);
  return Buffer.concat([
    u16(20),
    u16(isEncrypted ? 1 : 0),
    u16(method),
    time,
    ...sizes,
    u16(Buffer.byteLength(name)),
  ]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
