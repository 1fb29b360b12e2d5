import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { parseJaasConfig } from '../../config/define/jaas-config.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError, messageOf } from '../../errors.ts';
import {
  createKafkaClient,
  type KafkaClient,
  type KafkaClientConfig,
} from '../../kafka/connection/client.ts';
import type { OnThrottle } from '../../kafka/connection/connection.ts';

type KafkaOptions = Omit<WorkerConfig, 'converterEntries'>;

/** A Kafka client with a worker's connection options. Throws CONFIG_INVALID naming the key that is wrong. */
export function workerClient(
  worker: WorkerConfig,
  log: KafkaClient['log'],
  onThrottle?: OnThrottle,
): KafkaClient {
  return createKafkaClient(kafkaClientConfig(worker), log, onThrottle);
}

/** The connection options of a worker; reads the PEM files. Throws CONFIG_INVALID naming the key that is wrong. */
export function kafkaClientConfig(worker: KafkaOptions): KafkaClientConfig {
  const { securityProtocol } = worker;
  return {
    bootstrapServers: worker.bootstrapServers.join(','),
    clientId: worker.clientId,
    ...(securityProtocol.endsWith('SSL') && { ssl: tlsOptions(worker) }),
    ...(securityProtocol.startsWith('SASL_') && { sasl: saslOptions(worker) }),
    connectionTimeoutMs: worker.socketConnectionSetupTimeoutMs,
    requestTimeoutMs: worker.requestTimeoutMs,
  };
}

function tlsOptions(worker: KafkaOptions): ConnectionOptions | true {
  const { sslTruststoreLocation, sslKeystoreLocation, sslKeyPassword } = worker;
  if (sslTruststoreLocation === null && sslKeystoreLocation === null) return true;
  const trusted =
    sslTruststoreLocation && readPem('ssl.truststore.location', sslTruststoreLocation, ['CERTIFICATE']);
  const own =
    sslKeystoreLocation &&
    readPem('ssl.keystore.location', sslKeystoreLocation, ['CERTIFICATE', 'PRIVATE KEY']);
  return {
    ...(trusted && { ca: [trusted] }),
    ...(own && { key: own, cert: own }),
    ...(sslKeyPassword !== null && { passphrase: sslKeyPassword }),
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

function saslOptions({
  saslMechanism,
  saslJaasConfig,
}: KafkaOptions): NonNullable<KafkaClientConfig['sasl']> {
  const login = parseJaasConfig(saslJaasConfig ?? '');
  if ('mistake' in login) throw new HeadraceError('CONFIG_INVALID', `sasl.jaas.config: ${login.mistake}`);
  return { mechanism: MECHANISMS[saslMechanism], ...login } as NonNullable<KafkaClientConfig['sasl']>;
}

const MECHANISMS = {
  PLAIN: 'plain',
  'SCRAM-SHA-256': 'scram-sha-256',
  'SCRAM-SHA-512': 'scram-sha-512',
} as const;
