import { HeadraceError, messageOf } from '../../src/plugin/index.ts';
import { systemCode, unreadable } from '../files/source-errors.ts';

/** What the SDK throws: an answer of S3 that is an error, or its own trouble in getting one. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  /** Where the bucket is, of an error about regions. */
  readonly Region?: string;
}

/** Where requests go, for the mends of errors. */
export interface S3Where {
  readonly bucket: string;
  readonly endpoint: string | null;
}

const PASSING = new Set([
  ...[
    'SlowDown',
    'RequestTimeout',
    'InternalError',
    'ServiceUnavailable',
    'Throttling',
    'ThrottlingException',
  ],
  ...[
    'RequestTimeTooSkewed',
    'OperationAborted',
    'ConditionalRequestConflict',
    'TimeoutError',
    'RequestLimitExceeded',
  ],
]);
const PASSING_CODES = new Set([
  ...['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ENOTFOUND'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'HPE_INVALID_CONSTANT', 'ERR_SSL_WRONG_VERSION_NUMBER'],
]);
/** What begins a token's end: new credentials may have come. */
const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired']);

export function statusOf(error: unknown): number | undefined {
  return (error as SdkError | null)?.$metadata?.httpStatusCode;
}

/** The object is not there. Not: its bucket. */
export function isGone(error: unknown): boolean {
  return statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket';
}

export function isDenied(error: unknown): boolean {
  return (
    statusOf(error) === 403 &&
    ['AccessDenied', 'Forbidden', '403', 'Unknown', 'UnknownError'].includes(nameOf(error))
  );
}

/** This object cannot be read, while others can: it is not allowed, or it is archived. */
export function isUnreadable(error: unknown): boolean {
  return isDenied(error) || nameOf(error) === 'InvalidObjectState';
}

/** The condition that was asked for does not hold. */
export function isConditionFailed(error: unknown): boolean {
  return statusOf(error) === 412;
}

export function isExpired(error: unknown): boolean {
  return EXPIRED.has(nameOf(error));
}

/** Whether trying again in a moment may help. */
export function mayPass(error: unknown): boolean {
  const status = statusOf(error) ?? 0;
  if (status >= 500 && status !== 501) return true;
  if (status === 429 || PASSING.has(nameOf(error)) || isExpired(error)) return true;
  return PASSING_CODES.has(systemCode(error)) || messageOf(error) === 'socket hang up';
}

/**
 * SOURCE_UNREADABLE: what was tried, what S3 answered, what to do.
 *
 * @param problem as in `"a.csv" cannot be read`
 */
export function explained(problem: string, error: unknown, where: S3Where): HeadraceError {
  if (error instanceof HeadraceError) return error;
  return unreadable(problem, mendOf(error, where), new Error(said(error), { cause: error }), {
    cause: error,
  });
}

function nameOf(error: unknown): string {
  return (error as SdkError | null)?.name ?? '';
}

function said(error: unknown): string {
  const [name, status, message] = [nameOf(error), statusOf(error), messageOf(error)];
  if (status === undefined) return message === '' ? systemCode(error) : message;
  return message === '' || message === name || message === 'UnknownError'
    ? `${status} ${name}`
    : `${status} ${name}: ${message}`;
}

function regionIn(error: unknown): string | undefined {
  const { Region, $response } = error as SdkError;
  return Region ?? $response?.headers?.['x-amz-bucket-region'];
}

function mendOf(error: unknown, { bucket, endpoint }: S3Where): string {
  const at = endpoint === null ? '' : ` and s3.endpoint ${JSON.stringify(endpoint)}`;
  const name = nameOf(error);
  const region = regionIn(error);
  if (name === 'CredentialsProviderError' || messageOf(error).includes('Could not load credentials'))
    return 'give it credentials: a role of the machine or container, a profile in ~/.aws, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';
  if (messageOf(error).includes('Region is missing')) return 'set s3.region, or AWS_REGION';
  if (
    statusOf(error) === 301 ||
    name === 'AuthorizationHeaderMalformed' ||
    name === 'IllegalLocationConstraintException'
  )
    return region === undefined ? 'set s3.region to the region of the bucket' : `set s3.region: ${region}`;
  if (isExpired(error)) return 'renew the credentials';
  switch (name) {
    case 'NoSuchBucket':
      return `make the bucket ${JSON.stringify(bucket)}, or check its name${at}`;
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
    case 'InvalidToken':
      return `check the access key and its secret${at === '' ? '' : `,${at}`}`;
    case 'RequestTimeTooSkewed':
      return "set this machine's clock right";
    case 'InvalidObjectState':
      return 'it is archived: restore it, or leave it out by input.file.pattern';
    case 'KeyTooLongError':
      return 'choose a shorter prefix: a key has at most 1,024 bytes';
  }
  if (statusOf(error) === 403)
    return (
      `let its role or user do it (s3:ListBucket on the bucket, s3:GetObject on its objects, s3:PutObject and ` +
      's3:DeleteObject where they are put away, kms:Decrypt where they are encrypted with a key of KMS)'
    );
  if ((statusOf(error) ?? 0) >= 500) return 'the service is busy or has a fault; try again later';
  return `check the network${endpoint === null ? ', s3.region' : ''}${at}`;
}
