import {
  azureError,
  gcsError,
  type HttpFault,
  type Match,
  type SeenRequest,
  s3Error,
} from '../../support/http-faults.ts';
import type { BucketKind } from './remote-place.ts';

/** What a kind of bucket answers, in its own words. */
interface Answers {
  readonly busy: HttpFault;
  readonly forbidden: HttpFault;
  readonly notThere: HttpFault;
  readonly expired: HttpFault;
}

export const ANSWERS: Readonly<Record<BucketKind, Answers>> = {
  s3: {
    busy: s3Error(503, 'SlowDown'),
    forbidden: s3Error(403, 'AccessDenied'),
    notThere: s3Error(404, 'NoSuchKey'),
    expired: s3Error(400, 'ExpiredToken'),
  },
  gcs: {
    busy: gcsError(503, 'backendError'),
    forbidden: gcsError(403, 'forbidden'),
    notThere: gcsError(404, 'notFound'),
    expired: gcsError(401, 'authError'),
  },
  azure: {
    busy: azureError(503, 'ServerBusy'),
    forbidden: azureError(403, 'AuthorizationPermissionMismatch'),
    notThere: azureError(404, 'BlobNotFound'),
    expired: azureError(401, 'InvalidAuthenticationInfo'),
  },
};

/** Requests that have a file copied. */
export function isCopy({ method, path, headers }: SeenRequest): boolean {
  if (method === 'POST') return path.includes('/rewriteTo/') || path.includes('/copyTo/');
  return method === 'PUT' && ('x-amz-copy-source' in headers || 'x-ms-copy-source' in headers);
}

/** Requests that have a file removed. */
export function isRemoval({ method }: SeenRequest): boolean {
  return method === 'DELETE';
}

/** Any request about a file below `drop`, looks at it included. */
export function isAbout(name: string): Match {
  return ({ path }) => path.endsWith(`/drop/${name}`);
}

/** Requests for the content of any file. */
export function isRead({ method, range }: SeenRequest): boolean {
  return method === 'GET' && range !== undefined;
}
