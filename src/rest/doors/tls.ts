import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { ChangingFile } from '../../config/read/changing-file.ts';
import { missingPart, type PemPart } from '../../config/read/pem-text.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { messageOf } from '../../errors.ts';

/** Certificates of an https listener, as their files are now. */
export class Tls {
  /** Whether clients are asked for a certificate, and whether they are sent away without one that is trusted. */
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
  readonly #own: ChangingFile<SecureContextOptions>;
  readonly #trusted: ChangingFile<SecureContextOptions> | null;
  #parts: readonly (SecureContextOptions | undefined)[] = [];
  #options: SecureContextOptions = {};

  /** @throws HeadraceError CONFIG_INVALID naming the key whose file is wrong. */
  constructor(keystore: string, worker: WorkerConfig, onMistake: (message: string) => void) {
    const {
      listenersHttpsSslKeyPassword: passphrase,
      listenersHttpsSslTruststoreLocation: truststore,
      listenersHttpsSslClientAuth: clientAuth,
    } = worker;
    this.#own = new ChangingFile(
      'listeners.https.ssl.keystore.location',
      keystore,
      (pem) => ownCertificates(pem, passphrase),
      onMistake,
    );
    const key = 'listeners.https.ssl.truststore.location';
    this.#trusted = truststore === null ? null : new ChangingFile(key, truststore, authorities, onMistake);
    this.requestCert = clientAuth !== 'none';
    this.rejectUnauthorized = clientAuth === 'required';
  }

  /** The same object until a file has changed. */
  get options(): SecureContextOptions {
    const parts = [this.#own.value, this.#trusted?.value];
    if (parts.some((part, index) => part !== this.#parts[index])) {
      this.#parts = parts;
      this.#options = Object.assign({}, ...parts);
    }
    return this.#options;
  }
}

function ownCertificates(pem: string, passphrase: string | null): SecureContextOptions {
  return usable(pem, ['CERTIFICATE', 'PRIVATE KEY'], {
    key: pem,
    cert: pem,
    ...(passphrase !== null && { passphrase }),
  });
}

function authorities(pem: string): SecureContextOptions {
  return usable(pem, ['CERTIFICATE'], { ca: pem });
}

/** What is wrong is said before anybody connects. */
function usable(pem: string, parts: readonly PemPart[], options: SecureContextOptions): SecureContextOptions {
  const missing = missingPart(pem, parts);
  if (missing !== null) throw new Error(`expected a PEM file with a ${missing}, got none`);
  try {
    createSecureContext(options);
  } catch (error) {
    throw new Error(`expected what OpenSSL can use, with the password if there is one: ${messageOf(error)}`);
  }
  return options;
}
