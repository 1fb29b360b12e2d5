import { HeadraceError } from '../../plugin/index.ts';
import { registryCertificateMessage } from './access.ts';
import type { RegistryAnswer, RegistryRequest } from './api.ts';

const NOT_FOUND = 404;
export const CONFLICT = 409;
/** Timeouts and limits, which pass like a registry that starts. */
const PASSING = new Set([408, 425, 429]);
const SHOWN_LENGTH = 2_000;

export function isPassing({ status, trouble, message }: RegistryAnswer): boolean {
  if (trouble !== null) return false;
  // Somebody else made the subject, or this version of it, in the same moment; Apicurio says so.
  if (status === CONFLICT && / already exists\b/.test(message)) return true;
  return status === null || status >= 500 || PASSING.has(status);
}

/** The registry did not answer for as long as it was waited for. */
export function unavailable(answers: readonly RegistryAnswer[], waitedMs: number): HeadraceError {
  return new HeadraceError(
    'REGISTRY_UNAVAILABLE',
    `the schema registry did not answer within ${waitedMs / 1000} s (${reasons(answers)}); the task tries again. If it is up, compare schema.registry.url with its address`,
  );
}

/** What came of the addresses instead of an answer. */
export function reasons(answers: readonly RegistryAnswer[]): string {
  return answers
    .map((answer) => `${answer.url}: ${answer.status === null ? answer.message : `status ${said(answer)}`}`)
    .join('; ');
}

/** What a registry that answered said no to, and what can be done. `why` is what it said when it was asked for more. */
export function refused(
  subject: string,
  request: RegistryRequest['name'],
  answer: RegistryAnswer,
  why: string,
): HeadraceError {
  const { url, status, isRegistry, trouble } = answer;
  if (trouble !== null) {
    return schemaRefused(`${url}, asked about subject ${subject}, ${registryCertificateMessage(trouble)}`);
  }
  if (status === 401 || status === 403) {
    return schemaRefused(
      `${url} refused the user for subject ${subject} (status ${said(answer)}); set basic.auth.user.info or bearer.auth.token to those of somebody who may read and register schemas`,
    );
  }
  if (status === CONFLICT) {
    return schemaRefused(
      `subject ${subject} does not take the schema of the records, which is not compatible with an older one (status ${said(answer)}${why}). Make new fields optional or give them a default, keep the types of old ones, or choose another subject`,
    );
  }
  // A registry makes the subject that it is to register a schema under.
  if (status === NOT_FOUND && (!isRegistry || request === 'register')) {
    return schemaRefused(
      `${url} is no schema registry (status ${said(answer)}, for subject ${subject}); compare schema.registry.url with its address, path included`,
    );
  }
  if (status === NOT_FOUND && request === 'registered') {
    return schemaRefused(
      `subject ${subject} does not have the schema of the records (status ${said(answer)}); register it, or set use.latest.version: true`,
    );
  }
  if (status === NOT_FOUND) {
    return schemaRefused(
      `subject ${subject} has no schema (status ${said(answer)}); register one, or set auto.register.schemas: true`,
    );
  }
  return schemaRefused(`subject ${subject}: ${url} answered with status ${said(answer)}`);
}

export function schemaRefused(message: string): HeadraceError {
  return new HeadraceError('SCHEMA_REFUSED', message);
}

/** The status, and the registry's own words without the names of classes before them. */
function said({ status, message }: RegistryAnswer): string {
  const words = message.replace(/^[\w.]+Exception: /, '').slice(0, SHOWN_LENGTH);
  return words === '' ? String(status) : `${status}: ${words}`;
}
