import type { WorkerConfig } from '../../config/worker-config.ts';
import { type ClientTls, clientTls } from '../../tls/client-tls.ts';

/** What an https listener is made with. */
export interface Tls {
  /** Certificates as their files are now: the same object until they change. */
  readonly certificates: () => ClientTls;
  /** Whether clients are asked for a certificate, and whether they are sent away without one that is trusted. */
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
}

/** The options that say how. */
type TlsOptions = Pick<
  WorkerConfig,
  'listenersHttpsSslTruststoreLocation' | 'listenersHttpsSslKeyPassword' | 'listenersHttpsSslClientAuth'
>;

/** @throws HeadraceError CONFIG_INVALID naming the key whose file is wrong. */
export function listenerTls(
  keystore: string,
  options: TlsOptions,
  onMistake: (message: string) => void,
): Tls {
  const files = {
    trusted: options.listenersHttpsSslTruststoreLocation,
    trustedKey: 'listeners.https.ssl.truststore.location',
    own: keystore,
    ownKey: 'listeners.https.ssl.keystore.location',
    passphrase: options.listenersHttpsSslKeyPassword,
    passphraseKey: 'listeners.https.ssl.key.password',
  };
  // Each connection looks at the files; a mistake is news only once.
  let told = '';
  const certificates = clientTls(files, ({ message }) => {
    if (message !== told) onMistake(`${message}; what was there before stays in force`);
    told = message;
  });
  const clientAuth = options.listenersHttpsSslClientAuth;
  return { certificates, requestCert: clientAuth !== 'none', rejectUnauthorized: clientAuth === 'required' };
}
