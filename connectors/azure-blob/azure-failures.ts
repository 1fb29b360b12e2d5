import type { RestError } from '@azure/storage-blob';
import { HeadraceError, messageOf } from '../../src/plugin/index.ts';
import { MayPass } from '../files/remote/retrying.ts';
import { unreadable } from '../files/source-errors.ts';

/** A busy service, or one that lost its way: https://learn.microsoft.com/rest/api/storageservices/status-and-error-codes2 */
const PASSING = [408, 429, 500, 502, 503, 504];

/** What @azure/identity throws, by the names of its errors. */
const NO_CREDENTIALS = ['CredentialUnavailableError', 'AuthenticationError', 'AggregateAuthenticationError'];

/** How one container is reached, for messages. */
export interface AzurePlace {
  readonly container: string;
  readonly endpoint: string;
}

/**
 * What is thrown for a failed request: a MayPass for what may pass, else a HeadraceError.
 *
 * @param what as in `list az://container/prefix`
 */
export function azureFailure(error: unknown, what: string, place: AzurePlace): Error {
  if (error instanceof HeadraceError || error instanceof MayPass) return error;
  const problem = `could not ${what}`;
  const status = statusOf(error);
  if (status !== null) return answered(status, problem, error, place);
  const said = new Error(firstLine(messageOf(error)));
  if (hasNoCredentials(error)) {
    const mend =
      'set azure.connection.string, azure.account.key or azure.sas.token, or let DefaultAzureCredential find an identity';
    return unreadable(`${problem}: no credentials`, mend, said, { cause: error });
  }
  const mend = `check the network and azure.endpoint (${place.endpoint})`;
  return passing(unreadable(`${problem}, no answer came`, mend, said, { cause: error }));
}

function hasNoCredentials(error: unknown): boolean {
  const { name, message } = error as Error;
  return NO_CREDENTIALS.includes(name) || message.includes('not permitted for non-TLS');
}

/** What `azureFailure` was given does not pass by itself: somebody must mend it. */
export function isLastingAzure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = statusOf(error);
  return status === null ? hasNoCredentials(error) : !PASSING.includes(status);
}

/** The status of an answer; null when none came. */
export function statusOf(error: unknown): number | null {
  return (error as Partial<RestError>).statusCode ?? null;
}

/** The service's own name of an error, as in `BlobNotFound`; empty when it gave none. */
export function codeOf(error: unknown): string {
  const { code, details } = error as { code?: string; details?: { errorCode?: string } };
  return details?.errorCode ?? code ?? '';
}

function answered(status: number, problem: string, error: unknown, place: AzurePlace): Error {
  const explained = (mend: string) =>
    unreadable(problem, mend, new Error(answerOf(status, error)), { cause: error });
  return PASSING.includes(status)
    ? passing(explained('the service is busy or has a fault: try again later'))
    : explained(mendOf(status, place));
}

function mendOf(status: number, { container, endpoint }: AzurePlace): string {
  switch (status) {
    case 401:
    case 403:
      return (
        'see that the key, token or identity is right and has not expired, that it may do this (a role as Storage Blob Data ' +
        'Contributor), and that the firewall of the account lets this machine pass'
      );
    case 404:
      return `check azure.container (${JSON.stringify(container)}) and azure.endpoint (${endpoint})`;
    case 409:
    case 412:
      return 'end the lease, snapshot, archive tier or policy that is named';
    default:
      return `check azure.endpoint (${endpoint}) and the other azure options`;
  }
}

/** In one line, which the service's messages are not. */
function answerOf(status: number, error: unknown): string {
  const { details } = error as { details?: { authenticationErrorDetail?: string } };
  const detail = details?.authenticationErrorDetail ?? '';
  const message = firstLine(messageOf(error));
  return [`${status} ${codeOf(error)}`.trim(), message, firstLine(detail)]
    .filter((text) => text !== '')
    .join(': ');
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').trim().slice(0, 300);
}

function passing(error: HeadraceError): MayPass {
  return new MayPass(error.message, { cause: error });
}
