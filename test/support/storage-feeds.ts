import type { S3Bucket } from './s3.ts';

/** What the environment of a job says of a bucket. */
export function s3Environment({ endpoint }: Pick<S3Bucket, 'endpoint'>): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'tests',
    AWS_SECRET_ACCESS_KEY: 'any',
  };
}

/** The keys of a feed that say where a bucket is and how it is reached. */
export function s3Keys({ name, endpoint }: Pick<S3Bucket, 'name' | 'endpoint'>): Record<string, string> {
  return {
    'connector.class': 's3',
    's3.bucket': name,
    's3.endpoint': endpoint,
    's3.path.style': 'true',
    's3.access.key.id': 'tests',
    's3.secret.access.key': 'any',
  };
}
