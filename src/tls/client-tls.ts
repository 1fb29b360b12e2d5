import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { HeadraceError, messageOf } from '../errors.ts';

/** The PEM files of a client, and the keys of the options that name them. */
export interface ClientTlsFiles {
  /** Certificates to trust; null for the system's. */
  readonly trusted: string | null;
  readonly trustedKey: string;
  /** The client's own key and certificates; null for a client that shows none. */
  readonly own: string | null;
  readonly ownKey: string;
  /** Of an encrypted key. */
  readonly passphrase: string | null;
  readonly passphraseKey: string;
}

/** As Node's TLS takes them. */
export interface ClientTls {
  readonly ca?: string;
  readonly key?: string;
  readonly cert?: string;
  readonly passphrase?: string;
}

/**
 * What a client's TLS is made with. The files are read for each connection, so that a certificate which was renewed is
 * used without a restart; where they cannot be read, or are only half written, what they held last is.
 *
 * @param onUnusable told of what is wrong with the files then
 * @throws HeadraceError CONFIG_INVALID, naming the key of the file that cannot be used to begin with
 */
export function clientTls(
  files: ClientTlsFiles,
  onUnusable: (reason: HeadraceError) => void,
): () => ClientTls {
  let last = usable(files);
  return () => {
    try {
      const now = read(files);
      if (now.ca !== last.ca || now.cert !== last.cert) last = checked(now, files);
    } catch (error) {
      if (!(error instanceof HeadraceError)) throw error;
      onUnusable(error);
    }
    return last;
  };
}

function usable(files: ClientTlsFiles): ClientTls {
  return checked(read(files), files);
}

function read({ trusted, trustedKey, own, ownKey, passphrase }: ClientTlsFiles): ClientTls {
  const ca = trusted === null ? null : readPem(trustedKey, trusted, ['CERTIFICATE']);
  const pem = own === null ? null : readPem(ownKey, own, ['CERTIFICATE', 'PRIVATE KEY']);
  return {
    ...(ca !== null && { ca }),
    ...(pem !== null && { key: pem, cert: pem }),
    ...(passphrase !== null && { passphrase }),
  };
}

/** Java key stores are the usual mistake, so what is missing from the PEM is said here and not by OpenSSL. */
function readPem(key: string, path: string, parts: readonly string[]): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new HeadraceError('CONFIG_INVALID', `${key}: cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
  for (const part of parts) {
    if (!new RegExp(`-----BEGIN [A-Z ]*${part}-----`).test(text)) {
      throw new HeadraceError(
        'CONFIG_INVALID',
        `${key}: expected a PEM file with a ${part}, got none in ${path}`,
      );
    }
  }
  return text;
}

/** OpenSSL's word on what it cannot use would come with the first connection, as if the server were away. */
function checked(tls: ClientTls, files: ClientTlsFiles): ClientTls {
  const { trusted, trustedKey, own, ownKey, passphraseKey } = files;
  const { ca, ...ofClient } = tls;
  if (ca !== undefined) {
    attempt(() => new X509Certificate(ca), `${trustedKey}: the certificate in ${trusted} cannot be used`);
  }
  // Loaded only where TLS is wanted: it is a good part of what a task's thread takes to start.
  const { createSecureContext } = process.getBuiltinModule('node:tls');
  attempt(
    () => createSecureContext(ofClient),
    `${ownKey}: the key and its certificate in ${own} cannot be used (an encrypted key needs ${passphraseKey})`,
  );
  return tls;
}

function attempt(use: () => unknown, expected: string): void {
  try {
    use();
  } catch (error) {
    const { reason = messageOf(error) } = error as { reason?: string };
    throw new HeadraceError('CONFIG_INVALID', `${expected}: ${reason}`, { cause: error });
  }
}
