import { defineConfig } from '../../plugin/index.ts';
import { NO_GROUP } from './group.ts';

/** The options of a worker, with Kafka Connect's names. */
export const WORKER_OPTIONS = defineConfig({
  bootstrapServers: {
    doc: 'Kafka brokers to begin with, host:port, comma-separated.',
    format: 'list',
    required: true,
  },
  clientId: { doc: 'Name that brokers see in their logs and quotas.', format: 'string', default: 'headrace' },
  groupId: {
    doc:
      'Name of the worker or its cluster; a part of the transactional ids, by which a worker fences the one before it. ' +
      'Workers that have the same, and listeners, share what was made over REST.',
    format: 'string',
    default: NO_GROUP,
  },
  groupInstanceId: {
    doc:
      'Name of this worker within group.id, which no other has, and which it keeps when it starts again: within ' +
      'session.timeout.ms it gets its tasks back, and nothing moves. Not set: the address at which the others reach it, ' +
      'such as ann-8083; where the port of its listener is 0, it is a new one at each start.',
    format: 'string',
    default: null,
  },
  sessionTimeoutMs: {
    doc:
      "Milliseconds without a heartbeat after which a worker's tasks go to the others of group.id. It ends them itself by " +
      'then. Brokers take no less than their group.min.session.timeout.ms, 6000 as a rule.',
    format: 'nat',
    default: 6_000,
  },
  heartbeatIntervalMs: {
    doc:
      'Milliseconds between heartbeats, by which a worker also learns that work is shared out anew; at most a third of ' +
      'session.timeout.ms.',
    format: 'nat',
    default: 500,
  },
  rebalanceTimeoutMs: {
    doc: 'Milliseconds that workers of group.id wait for one of them to join when work is shared out anew.',
    format: 'nat',
    default: 60_000,
  },
  workerLabels: {
    doc:
      'What is particular to this worker, comma-separated: zone=sydney, mount=drop1. A feed whose placement asks for labels ' +
      'runs where all of them are.',
    format: 'list',
    default: [],
  },
  offsetStorageTopic: {
    doc: 'Compacted topic that holds how far each file is delivered.',
    format: 'string',
    default: 'headrace-offsets',
  },
  offsetStoragePartitions: {
    doc: 'Partitions of the offset topic when it is created.',
    format: 'nat',
    default: 25,
  },
  offsetStorageReplicationFactor: {
    doc: "Replicas of the offset topic when it is created; -1 takes the broker's default.",
    format: 'int',
    default: -1,
  },
  offsetStorageTopicCreation: {
    doc:
      'Whether the offset topic is made where it is missing. `auto`: yes, unless a connector had its offsets in it, ' +
      'which are lost then; `never`: no.',
    format: ['auto', 'never'],
    default: 'auto',
  },
  configStorageTopic: {
    doc: 'Compacted topic of one partition that holds who runs each connector, and with how many tasks; of a worker with `listeners` also the connectors that were made over REST, and what all are to be.',
    format: 'string',
    default: 'headrace-configs',
  },
  configStorageReplicationFactor: {
    doc: "Replicas of the config topic when it is created; -1 takes the broker's default.",
    format: 'int',
    default: -1,
  },
  statusStorageTopic: {
    doc: 'Compacted topic in which a worker with `listeners` tells the states of connectors and tasks, and the topics that they write to.',
    format: 'string',
    default: 'headrace-status',
  },
  statusStoragePartitions: {
    doc: 'Partitions of the status topic when it is created.',
    format: 'nat',
    default: 5,
  },
  statusStorageReplicationFactor: {
    doc: "Replicas of the status topic when it is created; -1 takes the broker's default.",
    format: 'int',
    default: -1,
  },
  fileStatusStorageTopic: {
    doc: 'Compacted topic that holds the state of each file that feeds have met: what it is, since when, and why.',
    format: 'string',
    default: 'headrace-file-status',
  },
  fileStatusStoragePartitions: {
    doc: 'Partitions of the topic of file states when it is created.',
    format: 'nat',
    default: 5,
  },
  fileStatusStorageReplicationFactor: {
    doc: "Replicas of the topic of file states when it is created; -1 takes the broker's default.",
    format: 'int',
    default: -1,
  },
  pluginPath: {
    doc: 'Folders to look for plugins in, comma-separated; relative to the file.',
    format: 'list',
    default: [],
  },
  pluginTimeoutMs: {
    doc: 'Milliseconds that one call of a plugin of your own may take, for one row. One that takes longer has stopped: its task ends, and says which plugin and which row.',
    format: 'nat',
    default: 60_000,
  },
  keyConverter: {
    doc: 'Converter for the keys of feeds that name none.',
    format: 'string',
    default: 'string',
  },
  valueConverter: {
    doc: 'Converter for the values of feeds that name none.',
    format: 'string',
    default: 'json',
  },
  exactlyOnceSourceSupport: {
    doc: 'Whether feeds deliver in transactions with their offsets.',
    format: ['enabled', 'disabled'],
    default: 'enabled',
  },
  taskShutdownGracefulTimeoutMs: {
    doc: 'Milliseconds that tasks get to finish before they are ended.',
    format: 'nat',
    default: 5_000,
  },
  workerThreadsMax: {
    doc:
      'How many tasks have a thread at once. A task of a folder that has nothing to do has none; more than these wait, first ' +
      'come, first served, and one that others wait for gives way after a file, once it has worked for 5 seconds. Tasks ' +
      'that never sleep do not wait, and count. Each costs some 30 MB of memory.',
    format: 'nat',
    default: 32,
  },
  topicCreationEnable: {
    doc: 'Whether feeds may create the topics they write to.',
    format: 'boolean',
    default: true,
  },
  configProviders: {
    doc: 'Stores of secrets that values may be taken from, comma-separated: vault, aws-secrets-manager, google-secret-manager, azure-key-vault, or names of your own with a class of these.',
    format: 'list',
    default: [],
  },
  configProvidersAllowedPaths: {
    doc: 'Folders that the config providers file and dir may read from, comma-separated; none by default.',
    format: 'list',
    default: [],
  },
  listeners: {
    doc:
      'Addresses to answer REST requests on, comma-separated: http://127.0.0.1:8083. Addresses that others reach need ' +
      'rest.users.file; port 0 takes one that is free. Without it nothing listens.',
    format: 'list',
    default: [],
  },
  restAdvertisedListener: {
    doc: 'The protocol of the listener at which the other workers of group.id reach this one; of the first when not set.',
    format: ['http', 'https'],
    default: null,
  },
  restAdvertisedHostName: {
    doc:
      'Host name or address at which the other workers of group.id reach this one, and by which its status names it; that of ' +
      'the listener when not set, or the name of this machine where it listens on every address.',
    format: 'string',
    default: null,
  },
  restAdvertisedPort: {
    doc: 'Port at which they reach it, where that is not the port of the listener.',
    format: 'nat',
    default: null,
  },
  listenersHttpsSslKeystoreLocation: {
    doc: 'PEM file with the key and certificates of listeners that are https. It is read again when it changes.',
    format: 'path',
    default: null,
  },
  listenersHttpsSslKeyPassword: {
    doc: 'Password of the key of listeners that are https.',
    format: 'string',
    default: null,
    sensitive: true,
  },
  listenersHttpsSslTruststoreLocation: {
    doc: 'PEM file with who signs the certificates of clients. It is read again when it changes.',
    format: 'path',
    default: null,
  },
  listenersHttpsSslClientAuth: {
    doc: 'Whether clients of listeners that are https are asked for a certificate, and sent away without one.',
    format: ['none', 'requested', 'required'],
    default: 'none',
  },
  metricsListeners: {
    doc:
      'Addresses of their own for /metrics and /health, comma-separated: http://0.0.0.0:9404. Any address, without ' +
      'authentication; nothing else is answered there.',
    format: 'list',
    default: [],
  },
  restUsersFile: {
    doc: 'File of who may send REST requests, a line each: name:hash:role. With it, nobody else may. It is read again when it changes.',
    format: 'path',
    default: null,
  },
  restAllowUnauthenticated: {
    doc: 'Whether everybody who reaches a listener may read and change everything, also from other machines.',
    format: 'boolean',
    default: false,
  },
  logLevel: {
    doc: 'How much is logged.',
    format: ['trace', 'debug', 'info', 'warn', 'error'],
    default: 'info',
  },
  logTimeFormat: {
    doc: 'How lines of the log tell their time: epoch, milliseconds since 1970; iso, as in 2026-01-10T09:30:00.000Z.',
    format: ['epoch', 'iso'],
    default: 'epoch',
  },
  logProgressIntervalMs: {
    doc: 'Milliseconds after which the log tells how far a file is that takes longer, and so on; 0: never.',
    format: 'nat',
    default: 60_000,
  },
  requestTimeoutMs: {
    doc: 'Milliseconds to wait for the answer to a request.',
    format: 'nat',
    default: 30_000,
  },
  socketConnectionSetupTimeoutMs: {
    doc: 'Milliseconds to wait for a connection to a broker.',
    format: 'nat',
    default: 10_000,
  },
  securityProtocol: {
    doc: 'How to talk to brokers.',
    format: ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'],
    default: 'PLAINTEXT',
  },
  saslMechanism: {
    doc: 'How to log in.',
    format: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER', 'AWS_MSK_IAM'],
    default: 'PLAIN',
  },
  saslJaasConfig: {
    doc:
      'User name and password, as Kafka\'s Java clients spell them: …LoginModule required username="…" password="…"; ' +
      'for OAUTHBEARER clientId="…" clientSecret="…" and, where it is asked for, scope="…"; for AWS_MSK_IAM, if at all, awsProfileName="…" or awsRoleArn="…".',
    format: 'string',
    default: null,
    sensitive: true,
  },
  saslOauthbearerTokenEndpointUrl: {
    doc: 'With sasl.mechanism: OAUTHBEARER: address of the OAuth 2.0 endpoint that gives tokens for client credentials.',
    format: 'url',
    default: null,
  },
  sslTruststoreLocation: {
    doc: "PEM file with the certificates to trust; the system's when not set.",
    format: 'path',
    default: null,
  },
  sslKeystoreLocation: {
    doc: "PEM file with the client's key and certificates.",
    format: 'path',
    default: null,
  },
  sslKeyPassword: {
    doc: "Password of the client's key.",
    format: 'string',
    default: null,
    sensitive: true,
  },
});
