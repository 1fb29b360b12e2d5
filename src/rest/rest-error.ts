import { STATUS_CODES } from 'node:http';
import { HeadraceError } from '../errors.ts';

/** An answer that is an error, in Kafka Connect's form. */
export interface ErrorBody {
  readonly error_code: number;
  readonly message: string;
}

/** A request that is answered with an error and a sentence. */
export class RestError extends Error {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    statusCode: number,
    message: string = statusText(statusCode),
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.statusCode = statusCode;
    this.headers = headers;
  }
}

export function errorBody({ statusCode, message }: RestError): ErrorBody {
  return { error_code: statusCode, message };
}

/** Why a worker could not do what was asked of it, with which nothing was wrong; null for what nobody foresaw. */
export function notDone(error: Error): RestError | null {
  if (!(error instanceof HeadraceError)) return null;
  if (error.code === 'NOT_LEADER') return new RestError(409, LEADS_NO_MORE);
  return new RestError(error.retriable ? 503 : 500, error.message);
}

const LEADS_NO_MORE =
  'Cannot complete request momentarily due to stale configuration (typically caused by a concurrent config change)';

/** What Kafka Connect says when it has nothing to add: `HTTP 404 Not Found`. */
function statusText(statusCode: number): string {
  return `HTTP ${statusCode} ${STATUS_CODES[statusCode]}`;
}
