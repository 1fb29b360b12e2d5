import type { HeadObjectCommandOutput, S3 } from '@aws-sdk/client-s3';

/** S3 copies no larger object at once. */
const LARGEST_COPY_BYTES = 5 * 1024 ** 3;
const PART_BYTES = 1024 ** 3;
const PARTS_AT_ONCE = 4;

export interface S3Copy {
  readonly from: { readonly bucket: string; readonly key: string; readonly etag: string };
  readonly to: { readonly bucket: string; readonly key: string };
  /** What a look at the source has told. */
  readonly head: HeadObjectCommandOutput;
  readonly requesterPays: boolean;
}

/** Bytes from which an object is copied in parts, and of each part. */
export interface CopySizes {
  readonly largestBytes: number;
  readonly partBytes: number;
}

type Ask = <T>(act: (s3: S3, options: { readonly abortSignal: AbortSignal }) => Promise<T>) => Promise<T>;

/**
 * Copies an object as it is, on the condition that it still is in its version and that nothing has the new name.
 *
 * @throws S3's answer, with status 412 where a condition does not hold
 */
export async function copyObject(copy: S3Copy, ask: Ask, sizes: CopySizes = AS_S3_HAS_IT): Promise<void> {
  const { from, to, head } = copy;
  if ((head.ContentLength ?? 0) > sizes.largestBytes) return await copyInParts(copy, ask, sizes);
  await ask((s3, options) =>
    s3.copyObject(
      {
        ...sourceOf(copy),
        ...keptOf(copy),
        Bucket: to.bucket,
        Key: to.key,
        CopySourceIfMatch: from.etag,
        IfNoneMatch: '*',
      },
      options,
    ),
  );
}

const AS_S3_HAS_IT: CopySizes = { largestBytes: LARGEST_COPY_BYTES, partBytes: PART_BYTES };

async function copyInParts(copy: S3Copy, ask: Ask, { partBytes }: CopySizes): Promise<void> {
  const { to, head } = copy;
  const at = { Bucket: to.bucket, Key: to.key, ...payerOf(copy) };
  const { CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ContentType, Metadata } = head;
  const described = {
    CacheControl,
    ContentDisposition,
    ContentEncoding,
    ContentLanguage,
    ContentType,
    Metadata,
  };
  const { UploadId } = await ask((s3, options) =>
    s3.createMultipartUpload({ ...at, ...described, ...keptOf(copy) }, options),
  );
  try {
    const Parts = await copyParts(copy, ask, partBytes, { ...at, UploadId });
    await ask((s3, options) =>
      s3.completeMultipartUpload({ ...at, UploadId, MultipartUpload: { Parts }, IfNoneMatch: '*' }, options),
    );
  } catch (error) {
    // What is left of it would be paid for, until a rule of the bucket ends it.
    await ask((s3, options) => s3.abortMultipartUpload({ ...at, UploadId }, options)).catch(() => {});
    throw error;
  }
}

type UploadedPart = { readonly PartNumber: number; readonly ETag: string | undefined };

async function copyParts(
  copy: S3Copy,
  ask: Ask,
  partBytes: number,
  at: { Bucket: string; Key: string; UploadId: string | undefined },
): Promise<UploadedPart[]> {
  const size = copy.head.ContentLength ?? 0;
  const parts: UploadedPart[] = [];
  const numbers = Array.from({ length: Math.ceil(size / partBytes) }, (_, index) => index + 1).values();
  const copySome = async () => {
    for (const PartNumber of numbers) {
      const from = (PartNumber - 1) * partBytes;
      const CopySourceRange = `bytes=${from}-${Math.min(size, from + partBytes) - 1}`;
      const condition = { CopySourceIfMatch: copy.from.etag };
      const { CopyPartResult } = await ask((s3, options) =>
        s3.uploadPartCopy({ ...at, ...sourceOf(copy), ...condition, PartNumber, CopySourceRange }, options),
      );
      parts.push({ PartNumber, ETag: CopyPartResult?.ETag });
    }
  };
  await Promise.all(Array.from({ length: PARTS_AT_ONCE }, copySome));
  return parts.sort((one, other) => one.PartNumber - other.PartNumber);
}

/** Names of objects may have any character; here they stand in a header. */
function sourceOf({ from, ...copy }: S3Copy) {
  const CopySource = `${from.bucket}/${from.key.split('/').map(encodeURIComponent).join('/')}`;
  return { CopySource, ...payerOf(copy) };
}

function payerOf({ requesterPays }: Pick<S3Copy, 'requesterPays'>) {
  return requesterPays ? ({ RequestPayer: 'requester' } as const) : {};
}

/** What a copy would lose: its class, and the key that it is encrypted with, which another bucket may not have. */
function keptOf({ from, to, head }: S3Copy) {
  const { StorageClass, ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled } = head;
  const isKept = from.bucket === to.bucket && SSEKMSKeyId !== undefined;
  return { StorageClass, ...(isKept ? { ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled } : {}) };
}
