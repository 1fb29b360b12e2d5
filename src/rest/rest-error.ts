import { STATUS_CODES } from 'node:http';

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

/** What Kafka Connect says when it has nothing to add: `HTTP 404 Not Found`. */
function statusText(statusCode: number): string {
  return `HTTP ${statusCode} ${STATUS_CODES[statusCode]}`;
}
