import { HeadraceError } from '../../src/plugin/index.ts';
import { MayPass } from '../files/remote/retrying.ts';
import { unreadable } from '../files/source-errors.ts';

/** A busy server, or one that lost its way: https://cloud.google.com/storage/docs/retry-strategy */
const PASSING = [408, 429, 500, 502, 503, 504];

/** What Cloud Storage answered that did not do what it was asked. */
export class GcsAnswer extends Error {
  readonly status: number;
  /** The service's own name of an error, as in `rateLimitExceeded`; empty when it gave none. */
  readonly reason: string;

  constructor(status: number, message: string, reason = '') {
    super(`${status} ${message}`.trim());
    this.status = status;
    this.reason = reason;
  }
}

/** No credentials were found, or those that were are not taken. */
export class NoCredentials extends Error {}

/** How one bucket is reached, for messages. */
export interface GcsPlace {
  readonly bucket: string;
  readonly endpoint: string;
  readonly credentialsFile: string | null;
}

/**
 * What is thrown for a failed request: a MayPass for what may pass, else a HeadraceError.
 *
 * @param what as in `list gs://bucket/prefix`
 */
export function gcsFailure(error: unknown, what: string, place: GcsPlace): Error {
  if (error instanceof HeadraceError || error instanceof MayPass) return error;
  if (error instanceof GcsAnswer) return answered(error, what, place);
  if (error instanceof NoCredentials)
    return unreadable(`could not ${what}: no credentials`, credentialsOf(place), error);
  const mend = `check the network and gcs.endpoint (${place.endpoint})`;
  return passing(unreadable(`could not ${what}, no answer came`, mend, error));
}

/** What `gcsFailure` was given does not pass by itself: somebody must mend it. */
export function isLastingGcs(error: unknown): boolean {
  return error instanceof NoCredentials || (error instanceof GcsAnswer && !mayPass(error));
}

function answered(answer: GcsAnswer, what: string, place: GcsPlace): Error {
  const error = unreadable(`could not ${what}`, mendOf(answer, place), answer);
  return mayPass(answer) ? passing(error) : error;
}

function mayPass({ status, reason }: GcsAnswer): boolean {
  // After a 401 credentials are asked for anew; they may have been taken back before their time.
  return PASSING.includes(status) || status === 401 || /rateLimitExceeded$/i.test(reason);
}

function mendOf(answer: GcsAnswer, place: GcsPlace): string {
  const { bucket, endpoint } = place;
  if (answer.status === 401) return `${credentialsOf(place)}, and see that they have not expired`;
  if (mayPass(answer)) return 'the service is busy or has a fault: try again later';
  if (answer.status === 403)
    return 'give the account the permission that is named, or another account by gcs.credentials.file';
  if (answer.status === 404)
    return `check gcs.bucket (${JSON.stringify(bucket)}) and gcs.endpoint (${endpoint})`;
  return `check gcs.endpoint (${endpoint}) and the other gcs options`;
}

function credentialsOf({ credentialsFile }: GcsPlace): string {
  return credentialsFile === null
    ? 'set gcs.credentials.file, GOOGLE_APPLICATION_CREDENTIALS or run as an account of Google Cloud'
    : `check gcs.credentials.file (${JSON.stringify(credentialsFile)})`;
}

function passing(error: HeadraceError): MayPass {
  return new MayPass(error.message, { cause: error });
}
