import { statSync } from 'node:fs';
import type { ConfigValues } from '../../plugin/index.ts';
import { dottedName } from '../../values/dotted-name.ts';
import { topicNameProblem } from '../../values/topic-name.ts';
import { parseAwsLogin, parseClientCredentials, parsePassword } from '../define/jaas-config.ts';
import type { ScopeInput } from '../define/scope-input.ts';
import { environmentNote, optionPlace } from '../define/scope-input.ts';
import type { WORKER_OPTIONS } from '../define/worker-definition.ts';
import { problemAt } from '../read/config-entry.ts';
import type { Problem } from '../read/problem.ts';
import {
  heartbeatMistake,
  instanceMistake,
  labelsMistake,
  rebalanceMistake,
  sessionMistake,
} from './group-rules.ts';
import {
  advertisedHostMistake,
  advertisedListenerMistake,
  advertisedPortMistake,
  clientCertificatesMistake,
  listenersMistake,
  metricsListenersMistake,
} from './listener-rules.ts';
import { replicationMistake } from './topic-rules.ts';

type Options = ConfigValues<typeof WORKER_OPTIONS>;
type Report = (name: keyof typeof WORKER_OPTIONS, message: string | null) => void;

/** Finds mistakes in a worker's options that a format cannot. Options that are wrong in themselves are passed over. */
export function checkWorker(
  config: Options,
  input: ScopeInput,
  wrong: ReadonlySet<string | null>,
): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (name, message) => {
    const key = dottedName(name);
    if (message === null || wrong.has(key)) return;
    problems.push(problemAt(optionPlace(name, input), key, message + environmentNote(name, input)));
  };
  report('bootstrapServers', serversMistake(config.bootstrapServers));
  for (const name of INTERNAL_TOPICS) report(name, internalTopicMistake(name, config));
  report('offsetStoragePartitions', partitionsMistake(config.offsetStoragePartitions));
  report('offsetStorageReplicationFactor', replicationMistake(config.offsetStorageReplicationFactor));
  report('configStorageReplicationFactor', replicationMistake(config.configStorageReplicationFactor));
  report('statusStoragePartitions', partitionsMistake(config.statusStoragePartitions));
  report('statusStorageReplicationFactor', replicationMistake(config.statusStorageReplicationFactor));
  report('fileStatusStoragePartitions', partitionsMistake(config.fileStatusStoragePartitions));
  report('fileStatusStorageReplicationFactor', replicationMistake(config.fileStatusStorageReplicationFactor));
  report('pluginTimeoutMs', config.pluginTimeoutMs > 0 ? null : 'expected at least 1, got 0');
  report('listeners', listenersMistake(config));
  report('metricsListeners', metricsListenersMistake(config));
  if (!wrong.has('listeners')) report('restAdvertisedListener', advertisedListenerMistake(config));
  report('restAdvertisedHostName', advertisedHostMistake(config));
  report('restAdvertisedPort', advertisedPortMistake(config));
  report('listenersHttpsSslClientAuth', clientCertificatesMistake(config));
  checkGroup(config, wrong, report);
  if (!wrong.has('security.protocol') && !wrong.has('sasl.mechanism')) {
    report('saslJaasConfig', loginMistake(config));
    report('saslOauthbearerTokenEndpointUrl', tokenEndpointMistake(config));
  }
  for (const folder of config.pluginPath) report('pluginPath', folderMistake(folder));
  return problems;
}

function checkGroup(config: Options, wrong: ReadonlySet<string | null>, report: Report): void {
  const session = sessionMistake(config);
  report('sessionTimeoutMs', session);
  // The others are held against it.
  if (session === null && !wrong.has('session.timeout.ms')) {
    report('heartbeatIntervalMs', heartbeatMistake(config));
    report('rebalanceTimeoutMs', rebalanceMistake(config));
  }
  if (!wrong.has('listeners')) {
    report('groupInstanceId', instanceMistake(config));
    report('workerLabels', labelsMistake(config));
  }
}

function folderMistake(folder: string): string | null {
  try {
    const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
    return isFolder ? null : `no such folder: ${folder}`;
  } catch (error) {
    return `cannot be read (${(error as NodeJS.ErrnoException).code}): ${folder}`;
  }
}

function serversMistake(servers: readonly string[]): string | null {
  const portOf = (server: string) => Number(/^(?:\[[0-9a-f:.]+\]|[^\s:/]+):(\d{1,5})$/i.exec(server)?.[1]);
  const wrong = servers.find((server) => !(portOf(server) >= 1 && portOf(server) <= 65_535));
  return wrong === undefined ? null : `expected host:port, comma-separated, got ${JSON.stringify(wrong)}`;
}

function partitionsMistake(partitions: number): string | null {
  return partitions > 0 ? null : 'expected at least 1, got 0';
}

/** In the order of which one is told to be another than those before it. */
const INTERNAL_TOPICS = [
  'offsetStorageTopic',
  'configStorageTopic',
  'statusStorageTopic',
  'fileStatusStorageTopic',
] as const;

function internalTopicMistake(name: (typeof INTERNAL_TOPICS)[number], config: Options): string | null {
  const topic = config[name];
  const taken = INTERNAL_TOPICS.slice(0, INTERNAL_TOPICS.indexOf(name)).find(
    (other) => config[other] === topic,
  );
  if (taken === undefined) return topicNameProblem(topic);
  return `expected another topic than ${dottedName(taken)}, got ${topic} for both`;
}

function loginMistake({ securityProtocol, saslMechanism, saslJaasConfig }: Options): string | null {
  const needed = securityProtocol.startsWith('SASL_');
  if (saslJaasConfig === null) {
    return needed && saslMechanism !== 'AWS_MSK_IAM'
      ? `is required when security.protocol is ${securityProtocol}`
      : null;
  }
  if (!needed) {
    return `has no effect while security.protocol is ${securityProtocol}; set SASL_SSL or SASL_PLAINTEXT, or leave it out`;
  }
  const login = JAAS_PARSERS[saslMechanism](saslJaasConfig);
  return 'mistake' in login ? login.mistake : null;
}

const JAAS_PARSERS = {
  PLAIN: parsePassword,
  'SCRAM-SHA-256': parsePassword,
  'SCRAM-SHA-512': parsePassword,
  OAUTHBEARER: parseClientCredentials,
  AWS_MSK_IAM: parseAwsLogin,
} as const satisfies Record<Options['saslMechanism'], (text: string) => object>;

function tokenEndpointMistake(config: Options): string | null {
  const { securityProtocol, saslMechanism, saslOauthbearerTokenEndpointUrl: url } = config;
  const needed = securityProtocol.startsWith('SASL_') && saslMechanism === 'OAUTHBEARER';
  if (url === null) return needed ? 'is required when sasl.mechanism is OAUTHBEARER' : null;
  if (!needed) return 'has no effect unless security.protocol is SASL_… and sasl.mechanism is OAUTHBEARER';
  const { protocol = '', username = '', password = '' } = URL.parse(url) ?? {};
  if (username !== '' || password !== '')
    return 'expected an address without a user and password; set them in sasl.jaas.config';
  return /^https?:$/.test(protocol)
    ? null
    : `expected an address such as https://issuer.example/token, got ${JSON.stringify(url)}`;
}
