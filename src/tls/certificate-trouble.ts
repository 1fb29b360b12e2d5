/** What is wrong with whose certificate: no waiting mends it. */
export interface CertificateTrouble {
  /** Whose certificate it is, and whether it is only that the server's names another host. */
  readonly of: 'server' | 'host' | 'client';
  /** In OpenSSL's words, on one line. */
  readonly reason: string;
}

/** By Node's codes. */
const OF_SERVER = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'INVALID_PURPOSE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
/** What a server says that does not like the client's certificate, or misses one (RFC 8446, 6.2). */
const REFUSAL =
  /^ERR_SSL_.*ALERT_((?:BAD|UNSUPPORTED|NO)_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA|ACCESS_DENIED)$/;

/** What is wrong with a certificate by an error of a connection; null when the error is of something else. */
export function certificateTrouble(error: {
  readonly code?: unknown;
  readonly message: string;
}): CertificateTrouble | null {
  const { code, message } = error;
  if (typeof code !== 'string') return null;
  const refusal = REFUSAL.exec(code)?.[1];
  if (refusal !== undefined) return { of: 'client', reason: refusal.toLowerCase().replaceAll('_', ' ') };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return { of: 'host', reason: said(message) };
  return OF_SERVER.has(code) ? { of: 'server', reason: said(message) } : null;
}

/** Without Node's advice, which is of its own options, and without what libraries put before. */
function said(message: string): string {
  return message
    .replace(/^Connection error: /, '')
    .replace(/(?:; if the root CA is installed locally.*|[: ]+)$/s, '');
}
