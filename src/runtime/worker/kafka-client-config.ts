import {
  type JaasMistake,
  parseAwsLogin,
  parseClientCredentials,
  parsePassword,
} from '../../config/define/jaas-config.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import {
  createKafkaClient,
  type KafkaClient,
  type KafkaClientConfig,
} from '../../kafka/connection/client.ts';
import type { OnThrottle } from '../../kafka/connection/connection.ts';
import type { Login } from '../../kafka/connection/login.ts';
import { KeptToken } from '../../kafka/tokens/kept-token.ts';
import { tokenFrom } from '../../kafka/tokens/token-endpoint.ts';
import { clientTls } from '../../tls/client-tls.ts';
import { mskTokens } from './msk-tokens.ts';

type KafkaOptions = Omit<WorkerConfig, 'converterEntries'>;

/** A Kafka client with a worker's connection options. Throws CONFIG_INVALID naming the key that is wrong. */
export function workerClient(
  worker: WorkerConfig,
  log: KafkaClient['log'],
  onThrottle?: OnThrottle,
): KafkaClient {
  return createKafkaClient(kafkaClientConfig(worker, log), log, onThrottle);
}

/** The connection options of a worker; reads the PEM files. Throws CONFIG_INVALID naming the key that is wrong. */
export function kafkaClientConfig(worker: KafkaOptions, log: KafkaClient['log']): KafkaClientConfig {
  const { securityProtocol } = worker;
  return {
    bootstrapServers: worker.bootstrapServers.join(','),
    clientId: worker.clientId,
    ...(securityProtocol.endsWith('SSL') && { tls: tlsOf(worker, log) }),
    ...(securityProtocol.startsWith('SASL_') && { login: loginOf(worker) }),
    connectionTimeoutMs: worker.socketConnectionSetupTimeoutMs,
    requestTimeoutMs: worker.requestTimeoutMs,
  };
}

function tlsOf(worker: KafkaOptions, log: KafkaClient['log']): NonNullable<KafkaClientConfig['tls']> {
  const files = {
    trusted: worker.sslTruststoreLocation,
    trustedKey: 'ssl.truststore.location',
    own: worker.sslKeystoreLocation,
    ownKey: 'ssl.keystore.location',
    passphrase: worker.sslKeyPassword,
    passphraseKey: 'ssl.key.password',
  };
  return clientTls(files, ({ message: reason }) => {
    log('warn', 'a file of TLS cannot be used, so what it held before is', { reason });
  });
}

function loginOf(worker: KafkaOptions): Login {
  const { saslMechanism: mechanism, saslJaasConfig } = worker;
  if (mechanism === 'AWS_MSK_IAM') {
    const aws = unmistaken(parseAwsLogin(saslJaasConfig ?? 'IAMLoginModule required;'));
    return { mechanism: 'OAUTHBEARER', token: mskTokens(aws) };
  }
  const jaas = saslJaasConfig ?? '';
  if (mechanism !== 'OAUTHBEARER') return { mechanism, ...unmistaken(parsePassword(jaas)) };
  const endpoint = {
    url: worker.saslOauthbearerTokenEndpointUrl ?? '',
    ...unmistaken(parseClientCredentials(jaas)),
    timeoutMs: worker.socketConnectionSetupTimeoutMs,
  };
  const kept = new KeptToken(() => tokenFrom(endpoint));
  return { mechanism, token: () => kept.get() };
}

function unmistaken<T extends object>(login: T | JaasMistake): T {
  if ('mistake' in login) throw new HeadraceError('CONFIG_INVALID', `sasl.jaas.config: ${login.mistake}`);
  return login;
}
