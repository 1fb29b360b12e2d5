import { folderName } from '../files/remote/object-names.ts';

/** A bucket, and the beginning of the names of objects in it: nothing, or what ends with a slash. */
export interface S3Place {
  readonly bucket: string;
  readonly prefix: string;
}

const URL_FORM = /^s3:\/\/([^/]+)\/?(.*)$/s;

/** What a user writes for a place that files are moved to: a prefix in the bucket, or `s3://bucket/prefix`. */
export function placeOf(text: string, bucket: string): S3Place {
  const [, named = bucket, rest = text] = URL_FORM.exec(text) ?? [];
  return { bucket: named, prefix: folderName(rest) };
}

export function urlOf(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`;
}

/** The bucket and the key of what `urlOf` gave. */
export function objectAt(url: string): { readonly bucket: string; readonly key: string } {
  const [, bucket, key] = URL_FORM.exec(url) ?? [];
  if (bucket === undefined || key === undefined) throw new Error(`expected s3://bucket/key, got ${url}`);
  return { bucket, key };
}
