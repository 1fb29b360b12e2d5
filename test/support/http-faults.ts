import type { IncomingHttpHeaders } from 'node:http';

/** What a fault proxy does to one request. Bytes are those of the answer's body. */
export type HttpFault =
  | { readonly kind: 'answer'; readonly answer: CannedAnswer }
  | { readonly kind: 'reset' | 'short' | 'stall'; readonly afterBytes: number }
  | { readonly kind: 'silence' | 'ignore-range' }
  | { readonly kind: 'flip'; readonly position: number }
  | { readonly kind: 'delay'; readonly ms: number };

/** An answer that the server is not asked for. */
export interface CannedAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as a fault proxy saw it. */
export interface SeenRequest {
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The bytes it asks for, in the words of HTTP, by whichever header. */
  readonly range: string | undefined;
}

export type Match = (request: SeenRequest) => boolean;

/** Answers in place of the server. */
export function answer(canned: CannedAnswer): HttpFault {
  return { kind: 'answer', answer: canned };
}

/**
 * The connection is reset once so many bytes of the body have been sent, or at its end. They arrive, unless the client is
 * slow to read them.
 */
export function resetAfter(afterBytes: number): HttpFault {
  return { kind: 'reset', afterBytes };
}

/** The connection is closed in good order after so many bytes, fewer than were announced. */
export function shortBody(afterBytes: number): HttpFault {
  return { kind: 'short', afterBytes };
}

/** After so many bytes nothing more comes, and the connection stays. */
export function stallAfter(afterBytes: number): HttpFault {
  return { kind: 'stall', afterBytes };
}

/** No answer at all, ever; the connection stays. */
export const SILENCE: HttpFault = { kind: 'silence' };

/** The whole body with status 200, whatever part was asked for. */
export const IGNORE_RANGE: HttpFault = { kind: 'ignore-range' };

/** The byte at this place of the body is another one. */
export function flipByteAt(position: number): HttpFault {
  return { kind: 'flip', position };
}

/** Asked and answered so much later. */
export function delayBy(ms: number): HttpFault {
  return { kind: 'delay', ms };
}

/** An error as S3 words it: `s3Error(503, 'SlowDown')`. */
export function s3Error(status: number, code: string): HttpFault {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code} of a test</Message><RequestId>1</RequestId></Error>`;
  return answer({ status, body, headers: { 'content-type': 'application/xml' } });
}

/** An error as Azure words it: `azureError(503, 'ServerBusy')`. */
export function azureError(status: number, code: string): HttpFault {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code} of a test</Message></Error>`;
  return answer({ status, body, headers: { 'content-type': 'application/xml', 'x-ms-error-code': code } });
}

/** An error as Google Cloud Storage words it: `gcsError(503, 'backendError')`. */
export function gcsError(status: number, reason: string): HttpFault {
  const message = `${reason} of a test`;
  const body = JSON.stringify({ error: { code: status, message, errors: [{ reason, message }] } });
  return answer({ status, body, headers: { 'content-type': 'application/json' } });
}

/** Requests for the content of this file, with any of the three kinds of bucket. */
export function readOf(path: string): Match {
  return (request) =>
    request.method === 'GET' &&
    request.path.endsWith(`/${path}`) &&
    (!request.path.startsWith('/storage/') || request.query.get('alt') === 'media');
}

/** Requests for a list of files, with any of the three kinds of bucket. */
export function isListing({ method, path, query }: SeenRequest): boolean {
  const isOne = query.get('list-type') === '2' || query.get('comp') === 'list' || path.endsWith('/o');
  return method === 'GET' && isOne;
}
