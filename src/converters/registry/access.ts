import type { CertificateTrouble } from '../../tls/certificate-trouble.ts';
import { type ClientTls, clientTls } from '../../tls/client-tls.ts';
import type { RegistryOptions } from './options.ts';

/** How a client shows a registry who it is, and which registries it trusts. */
export interface RegistryAccess {
  /** Of HTTP; null for nobody in particular. */
  readonly authorization: string | null;
  /** Asked anew for each connection. */
  readonly tls: () => ClientTls;
}

type AccessOptions = Pick<
  RegistryOptions,
  | 'basicAuthUserInfo'
  | 'bearerAuthToken'
  | 'schemaRegistrySslTruststoreLocation'
  | 'schemaRegistrySslKeystoreLocation'
  | 'schemaRegistrySslKeyPassword'
>;

/**
 * What the options of a converter say of it; reads the PEM files.
 *
 * @param onUnusable told when a file cannot be used any more, so that what it held before is
 * @throws HeadraceError CONFIG_INVALID, naming the key of the file that cannot be used
 */
export function registryAccess(
  options: AccessOptions,
  side: 'key' | 'value',
  onUnusable: (reason: string) => void,
): RegistryAccess {
  const keys = `${side}.converter.schema.registry.ssl`;
  const files = {
    trusted: options.schemaRegistrySslTruststoreLocation,
    trustedKey: `${keys}.truststore.location`,
    own: options.schemaRegistrySslKeystoreLocation,
    ownKey: `${keys}.keystore.location`,
    passphrase: options.schemaRegistrySslKeyPassword,
    passphraseKey: `${keys}.key.password`,
  };
  const isPlain = files.trusted === null && files.own === null;
  return {
    authorization: authorizationOf(options),
    tls: isPlain ? () => ({}) : clientTls(files, ({ message }) => onUnusable(message)),
  };
}

function authorizationOf({ basicAuthUserInfo, bearerAuthToken }: AccessOptions): string | null {
  if (bearerAuthToken !== null) return `Bearer ${bearerAuthToken}`;
  if (basicAuthUserInfo === null) return null;
  return `Basic ${Buffer.from(basicAuthUserInfo).toString('base64')}`;
}

/** What to mend, in the words of the options. */
export function registryCertificateMessage(trouble: CertificateTrouble): string {
  const { of, reason } = trouble;
  if (of === 'client') {
    return `refused the certificate of this client, or its absence (${reason}); see that schema.registry.ssl.keystore.location holds one that it trusts`;
  }
  if (of === 'host')
    return `has the certificate of another host (${reason}); compare schema.registry.url with it`;
  return `has a certificate that is not trusted (${reason}); see that schema.registry.ssl.truststore.location holds the authority that signed it`;
}
