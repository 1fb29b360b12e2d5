import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { StoredFile } from '../files/file-store.ts';
import type { FileVersion } from '../files/file-version.ts';

/** A version as the listing, a look and an open object tell it alike. */
export function versionOf(
  etag: string | undefined,
  size: number | undefined,
  lastModified: Date | undefined,
): FileVersion {
  // A listing tells milliseconds, a look seconds.
  const seconds = Math.floor((lastModified?.getTime() ?? 0) / 1000);
  return {
    size: size ?? 0,
    mtimeNs: BigInt(seconds) * 1_000_000_000n,
    identity: (etag ?? '').replaceAll('"', ''),
    change: '',
  };
}

export function versionOfHead({ ETag, ContentLength, LastModified }: HeadObjectCommandOutput): FileVersion {
  return versionOf(ETag, ContentLength, LastModified);
}

/** A version's condition in a request. */
export function etagOf({ identity }: FileVersion): string {
  return `"${identity}"`;
}

/** The checksum of all of an object's bytes. That of one that came in parts may be one of the checksums of the parts. */
export function checksumOf(head: HeadObjectCommandOutput): StoredFile['checksum'] {
  if (head.ChecksumType === 'COMPOSITE') return undefined;
  const crc32c = numberIn(head.ChecksumCRC32C);
  if (crc32c !== null) return { algorithm: 'crc32c', value: crc32c };
  const crc32 = numberIn(head.ChecksumCRC32);
  return crc32 === null ? undefined : { algorithm: 'crc32', value: crc32 };
}

/** null also for what has a number of parts behind it. */
function numberIn(base64: string | undefined): number | null {
  return /^[A-Za-z0-9+/]{6}==$/.test(base64 ?? '')
    ? Buffer.from(base64 ?? '', 'base64').readUInt32BE()
    : null;
}
